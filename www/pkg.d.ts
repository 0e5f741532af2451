// The generated glue as the page sees it, for when it has not been generated.
declare module '*/pkg/oddtrail.js' {
  type Reader = { size: number; read(offset: number, length: number): Uint8Array };
  export function initSync(options: { module: WebAssembly.Module }): unknown;
  export class Loader {
    constructor();
    /**
     * Reads a part of a file: which, from 0, and of how many.
     * Calls `progress` now and then with the bytes and events of it that are done, and `hand` with a packed table
     * whenever `most` events are held. Returns the events of the file.
     */
    addFile(name: string, part: number, of: number, reader: Reader, progress: (bytes: number, events: number) => void, most: number, hand: (pack: Uint8Array) => void): number;
    /** Whether any file so far held a digest file. */
    readonly digests: boolean;
    /** Events not handed over. */
    readonly held: number;
    /** What is held; the loader is empty then. */
    pack(): Uint8Array;
    free(): void;
  }
  export function classify(measured: Uint8Array, seed?: number): Uint8Array;
  /** In how many parts a file may be read at the same time. */
  export function parts_of(reader: Reader, all: number): number;
  /** Hashes log files that digests name, as `toCheck` gives their names. */
  export class Checker {
    constructor(names: string[]);
    /** JSON of what a part of a file holds of them, for `setHashed`. */
    hash(name: string, part: number, of: number, reader: Reader): string;
    free(): void;
  }
  export class Engine {
    constructor(geo: Uint8Array);
    free(): void;
    /** Makes room for so many events in all. */
    expect(events: number): void;
    /** Returns how many events are held. */
    merge(pack: Uint8Array): number;
    /** The text of a settings file, or empty for nothing; throws what is wrong with it. */
    setKnown(text: string): void;
    forget(name: string, part: number): void;
    truth(labels: string): string;
    addUnreadable(name: string, why: string): void;
    /** JSON of two lists: the files in which log files are that digests name, and these log files' names. */
    toCheck(): string;
    /** JSON of a list of what `hash` gave. */
    setHashed(hashed: string): void;
    provisional(most: number): string | undefined;
    forgetAll(): void;
    /** The report in four steps: measures sessions, and then says what `classify` takes; ranks them; completes it; puts in what `classify` found. */
    measure(budget: number | undefined, seed: number | undefined, then: boolean): void;
    unclassified(): Uint8Array;
    rank(): string;
    sessions(): Omit<import('./sessions.js').Columns, 'calls'>;
    /** JSON of the identities. */
    complete(): string;
    completed(): import('./sessions.js').Completed;
    finish(classified: Uint8Array): void;
    session(rank: number): string;
    /** JSON of a chart's columns; `of`: an identity's number or a session's rank. */
    chartColumns(name: string, of: number | undefined): string;
    sessionEvents(rank: number): import('./report.js').Events;
    reportJson(): string;
    eventsCsv(): string;
    alertsCsv(zone: string): string;
    markdown(rank: number | undefined, zone: string): string;
    html(zone: string): string;
    fileNames(): string[];
  }
  /** A made-up organisation, day by day; throws what is wrong with the recipe. */
  export class Simulation {
    constructor(seed: number, people: number, machines: number, days: number, scenarios: string);
    nextDay(): SimulatedDay | undefined;
    free(): void;
  }
  export class SimulatedDay {
    readonly events: number;
    readonly names: string[];
    /** Lines of labels.csv, without its first. */
    readonly labels: string;
    bytes(index: number): Uint8Array;
    free(): void;
  }
  /** Intrusions that can be asked for, as JSON: name, techniques, story of each. */
  export function scenarios(): string;
  /** What is wrong with a settings file, a sentence each; empty when it is right. */
  export function check_known(text: string): string[];
  export function read_original(reader: Reader, member: number, offset: number, length: number): Uint8Array;
  /** A chart: its columns, read once, and what was drawn of them last. Styles, zones and columns are JSON. */
  export class ChartView {
    constructor(name: string, columns: string);
    free(): void;
    height(width: number): number;
    title(): string;
    how(zone: string): string;
    drag(): string;
    says(): string;
    /** JSON of rows; the first holds the headings. */
    table(zone: string): string;
    draw(canvas: HTMLCanvasElement, style: string): void;
    svg(style: string): string;
    readonly hits: number;
    hitAt(x: number, y: number): number | undefined;
    /** JSON of a place that answers to the pointer. */
    hit(number: number): string | undefined;
    /** JSON of the axis that can be dragged along. */
    axis(): string | undefined;
  }
  /** The budget that a threshold means. */
  export function share_at_score(score: number): number;
}
