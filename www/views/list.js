// The lists: alerts, all sessions, identities. Sorted, filtered, grouped; moved through by click, arrows, j and k.

import { element } from '../element.js';
import { chooseIdentities, chooseSessions, EVERYTHING, grouped, restrictions, tally } from '../filter.js';
import { makeGrid } from '../grid.js';
import { stepping } from '../address.js';
import { chosen, completed, filter, list, person, report, zone } from '../state.js';
import { clock, count, counted, country, date, day, fieldTime, moment, oddness, score, span, timeOfField, zone as zoneName } from '../words.js';

/** @typedef {import('../report.js').Report} Report */
/** @typedef {import('../filter.js').Filter} Filter */
/** @typedef {import('../filter.js').Sort} Sort */
/** What a row of the list stands for: a session, a group of sessions, an identity. */
/** @typedef {{ kind: 'session', rank: number, inside: boolean } | { kind: 'group', key: number, ranks: number[], open: boolean } | { kind: 'identity', number: number }} Entry */

/** @type {[ReturnType<typeof list.get>['tab'], string][]} */
const TABS = [['alerts', 'Alerts'], ['sessions', 'All sessions'], ['identities', 'Identities']];
/** @type {Record<string, [Sort, boolean, string][]>} */
const SORTS = {
  sessions: [['score', true, 'oddest first'], ['score', false, 'most usual first'], ['when', true, 'newest first'], ['when', false, 'oldest first'], ['who', false, 'by name'], ['calls', true, 'most events'], ['refused', true, 'most refused']],
  identities: [['score', true, 'oddest first'], ['alerts', true, 'most alerts'], ['sessions', true, 'most sessions'], ['calls', true, 'most events'], ['when', true, 'last seen'], ['who', false, 'by name']],
};
/** How many networks a list of choices has. */
const MOST_NETWORKS = 200;

/** What the shown list holds. @type {Entry[]} */
let entries = [];
/** Groups the reader has opened, by key. @type {Set<number>} */
const open = new Set();

/** @param {HTMLElement} root */
export function mount(root) {
  const heading = root.querySelector('h2') ?? element('h2');
  heading.className = 'sr';
  const tabs = element('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Lists' });
  const search = element('input', { type: 'search', id: 'search', placeholder: 'Filter: name, place …', 'aria-label': 'Filter by identity, address, country, network, client or call', autocomplete: 'off', spellcheck: 'false' });
  const severity = choice('Severity', 'severity');
  const kind = choice('Class', 'class');
  const place = choice('Country', 'country');
  const network = choice('Network', 'network');
  const from = element('input', { type: 'datetime-local', 'aria-label': 'From' });
  const to = element('input', { type: 'datetime-local', 'aria-label': 'To' });
  const when = element('span', { class: 'fine' });
  const more = element('details', { class: 'more' }, element('summary', { class: 'button small' }, 'More filters'),
    element('div', { class: 'more-filters' }, kind, place, network, element('label', { class: 'when-filter' }, 'From ', from), element('label', { class: 'when-filter' }, 'To ', to), when));
  const sort = element('select', { 'aria-label': 'Order' });
  const group = element('select', { 'aria-label': 'Group' });
  const chips = element('div', { class: 'chips' });
  const said = element('p', { class: 'fine said', role: 'status', 'aria-live': 'polite' });
  const empty = element('div', { class: 'empty', hidden: true });
  const promise = element('p', { class: 'fine promise' });
  const head = element('tr', { 'aria-rowindex': 1 });
  const grid = makeGrid({ label: 'The list. Arrow keys or j and k choose, Enter goes to what is chosen.', class: 'sessions', head, row: makeRow, picked: pick });
  root.replaceChildren(heading, tabs, promise, element('div', { class: 'filters' }, search, severity, sort, group), more, chips, said, empty, grid.box);

  /* What is shown follows from the report, the list and the filter. */
  const refresh = (/** @type {{ stay?: boolean }} */ how = {}) => {
    const shown = report.get();
    if (!shown) return;
    const { tab, sort, down, group } = list.get();
    const wish = filter.get();
    if (tab === 'identities') {
      entries = chooseIdentities(shown, { filter: wish, sort, down }).map((number) => ({ kind: 'identity', number }));
    } else {
      const ranks = chooseSessions(shown, { alertsOnly: tab === 'alerts', filter: wish, sort, down });
      entries = group === 'none' ? ranks.map((rank) => ({ kind: 'session', rank, inside: false })) : flat(grouped(shown, ranks, group), group);
    }
    const total = tab === 'alerts' ? shown.summary.alerts : tab === 'sessions' ? shown.sessions.length : shown.summary.identities;
    const found = entries.reduce((sum, e) => sum + (e.kind === 'group' ? e.ranks.length : e.kind === 'session' && e.inside ? 0 : 1), 0);
    const noun = tab === 'alerts' ? 'alert' : tab === 'sessions' ? 'session' : 'identity';
    const text = restrictions(wish) ? `${count(found)} of ${counted(total, noun, noun === 'identity' ? 'identities' : `${noun}s`)} shown` : '';
    if (said.textContent !== text) said.textContent = text;
    empty.hidden = found > 0;
    grid.box.hidden = found === 0;
    if (found === 0) empty.replaceChildren(...nothing(shown, tab, wish));
    grid.table.dataset.tab = tab;
    grid.table.setAttribute('role', tab !== 'identities' && group !== 'none' ? 'treegrid' : 'grid');
    grid.show(entries.length, how);
    mark();
  };

  /* The bar above it. */
  const dress = () => {
    const shown = report.get();
    if (!shown) return;
    const now = list.get();
    tabs.replaceChildren(...TABS.map(([tab, name]) => {
      const n = tab === 'alerts' ? shown.summary.alerts : tab === 'sessions' ? shown.sessions.length : shown.summary.identities;
      const made = element('button', { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-selected': String(now.tab === tab), tabindex: now.tab === tab ? 0 : -1 }, name, ' ', element('span', { class: 'hint' }, count(n)));
      made.addEventListener('click', () => showTab(tab));
      return made;
    }));
    promise.textContent = now.tab === 'alerts' ? shown.calibration.sentence : '';
    promise.hidden = now.tab !== 'alerts';
    const sorts = SORTS[now.tab === 'identities' ? 'identities' : 'sessions'] ?? [];
    sort.replaceChildren(...sorts.map(([key, down, name]) => element('option', { value: `${key} ${down}`, selected: key === now.sort && down === now.down }, name)));
    group.replaceChildren(...[['none', 'no groups'], ['identity', 'by identity'], ['incident', 'by incident']].map(([key, name]) => element('option', { value: key, selected: key === now.group }, name)));
    group.hidden = now.tab === 'identities';
    head.replaceChildren(...headings(now));
  };

  /** Choices that depend on the report alone. @param {Report} shown */
  const offer = (shown) => {
    const { columns } = shown.sessions;
    offerChoices(severity, [['', 'any severity'], ['high', 'high'], ['medium', 'medium or high'], ['low', 'any alert'], ['none', 'no alert']]);
    const classes = new Map();
    for (const who of columns.identity) classes.set(shown.identities[who]?.class, (classes.get(shown.identities[who]?.class) ?? 0) + 1);
    offerChoices(kind, [['', 'any class'], ...[...classes].filter(([name]) => name).sort((a, b) => b[1] - a[1]).map(([name, n]) => /** @type {[string, string]} */ ([name, `${name} (${count(n)})`]))]);
    offerChoices(place, [['', 'any country'], ...tally(columns.country, 300).map(({ word, count: n }) => /** @type {[string, string]} */ ([word, `${country(word)} (${count(n)})`]))]);
    offerChoices(network, [['', 'any network'], ...tally(columns.network, MOST_NETWORKS).map(({ word, count: n }) => /** @type {[string, string]} */ ([word, `${word} (${count(n)})`]))]);
  };

  const showFilter = () => {
    const shown = report.get();
    const now = filter.get();
    if (search.value.trim() !== now.text) search.value = now.text;
    for (const [select, value] of /** @type {[HTMLSelectElement, string][]} */ ([[severity, now.severity], [kind, now.class], [place, now.country], [network, now.network]])) {
      if (value && ![...select.options].some((o) => o.value === value)) select.append(element('option', { value }, value));
      select.value = value;
      select.classList.toggle('set', value !== '');
    }
    from.value = now.from === null ? '' : fieldTime(now.from);
    to.value = now.to === null ? '' : fieldTime(now.to);
    when.textContent = shown ? `Times in ${zoneName(shown.summary.span.to)}.` : '';
    chips.replaceChildren(...restricted(shown, now));
  };

  const change = (/** @type {Partial<Filter>} */ part) => filter.set({ ...filter.get(), ...part });
  let typing = 0;
  search.addEventListener('input', () => {
    // Soon after the last letter: a search on every letter of a fast typist is wasted.
    clearTimeout(typing);
    typing = window.setTimeout(() => change({ text: search.value.trim() }), 60);
  });
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      clearTimeout(typing);
      change({ text: search.value.trim() });
      move('first');
      focusRow();
    }
  });
  severity.addEventListener('change', () => change({ severity: /** @type {Filter['severity']} */ (severity.value) }));
  kind.addEventListener('change', () => change({ class: kind.value }));
  place.addEventListener('change', () => change({ country: place.value }));
  network.addEventListener('change', () => change({ network: network.value }));
  from.addEventListener('change', () => change({ from: timeOfField(from.value) }));
  to.addEventListener('change', () => change({ to: timeOfField(to.value) }));
  sort.addEventListener('change', () => {
    const [key, down] = sort.value.split(' ');
    list.set({ ...list.get(), sort: /** @type {Sort} */ (key), down: down === 'true' });
  });
  group.addEventListener('change', () => list.set({ ...list.get(), group: /** @type {'none'} */ (group.value) }));
  tabs.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    const at = TABS.findIndex(([tab]) => tab === list.get().tab);
    showTab(TABS[(at + by + TABS.length) % TABS.length]?.[0] ?? 'alerts');
    const chosenTab = tabs.querySelector('[aria-selected="true"]');
    if (chosenTab instanceof HTMLElement) chosenTab.focus();
  });

  grid.table.addEventListener('keydown', (event) => {
    const to = KEYS[event.key];
    if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(to);
    focusRow();
  });

  /** @param {number} index */
  function pick(index) {
    const entry = entries[index];
    if (!entry) return;
    if (entry.kind === 'group') return toggle(entry.key);
    choose(entry);
  }

  /** @param {number} key */
  function toggle(key) {
    if (open.has(key)) open.delete(key);
    else open.add(key);
    refresh({ stay: true });
  }

  /** @param {(typeof MOVES)[number]} to */
  function move(to) {
    const now = current();
    const page = grid.page();
    const target = { down: now + 1, up: now - 1, first: 0, last: entries.length - 1, 'page-down': now + page, 'page-up': now - page }[to];
    const index = Math.max(0, Math.min(entries.length - 1, target));
    const entry = entries[index];
    if (!entry) return;
    cursor = index;
    stepping(() => {
      if (entry.kind !== 'group') choose(entry);
    });
    mark();
    grid.reveal(index);
  }

  function focusRow() {
    grid.reveal(current())?.focus({ preventScroll: true });
  }

  /** Where the keyboard is: the group it stands on, else what is chosen. */
  let cursor = -1;
  function current() {
    if (entries[cursor]?.kind === 'group') return cursor;
    return entries.findIndex(isChosen);
  }

  function mark() {
    const at = current();
    grid.each((row, index) => {
      const entry = entries[index];
      const on = entry !== undefined && (entry.kind === 'group' ? index === at : isChosen(entry));
      row.setAttribute('aria-selected', String(on));
      row.tabIndex = index === at || (at === -1 && index === 0) ? 0 : -1;
    });
  }

  document.addEventListener('oddtrail-key', (event) => {
    const key = /** @type {CustomEvent<string>} */ (event).detail;
    if (key === 'j' || key === 'k') {
      move(key === 'j' ? 'down' : 'up');
      // With the keyboard in the list the row is read out; elsewhere the reader stays where she is.
      if (grid.box.contains(document.activeElement) || document.activeElement === document.body) focusRow();
    } else if (key === '/') {
      search.focus();
      search.select();
    } else if (key === 'Enter') {
      const entry = entries[current()];
      if (entry?.kind === 'group') toggle(entry.key);
      else document.getElementById(person.get() === null ? 'session' : 'identity')?.focus();
    } else if (key === 'Escape') {
      if (document.activeElement === search && search.value) {
        search.value = '';
        change({ text: '' });
      } else focusRow();
    } else if (key === '1' || key === '2' || key === '3') showTab(TABS[Number(key) - 1]?.[0] ?? 'alerts');
  });

  /** @param {number} index */
  function makeRow(index) {
    const entry = entries[index];
    const shown = report.get();
    const made = !entry || !shown ? element('tr') : entry.kind === 'identity' ? identityRow(shown, entry.number) : entry.kind === 'group' ? groupRow(shown, entry) : sessionRow(shown, entry.rank, entry.inside);
    made.tabIndex = -1;
    if (entry) {
      made.setAttribute('aria-selected', String(entry.kind !== 'group' && isChosen(entry)));
      if (entry.kind !== 'group' && isChosen(entry)) made.tabIndex = 0;
    }
    return made;
  }

  report.watch((shown) => {
    if (!shown) return;
    open.clear();
    cursor = -1;
    dress();
    showFilter();
    refresh();
    requestAnimationFrame(() => {
      // What was looked at before stays in view, once the browser has laid out the page.
      follow();
      // The rows are shown first, then what they can be filtered by.
      setTimeout(() => {
        if (report.get() !== shown) return;
        offer(shown);
        showFilter();
      });
    });
  });
  list.watch(() => {
    cursor = -1;
    dress();
    refresh();
  });
  filter.watch(() => {
    showFilter();
    refresh();
  });
  zone.watch(() => {
    dress();
    showFilter();
    refresh({ stay: true });
  });
  // Of alerts all is there before; what is searched for may be a call.
  completed.watch((now) => now && (list.get().tab !== 'alerts' || filter.get().text) && refresh({ stay: true }));
  const follow = () => {
    if (entries[cursor]?.kind !== 'group' || isChosen(entries[cursor])) cursor = -1;
    mark();
    const at = current();
    if (at >= 0 && !grid.box.hidden) {
      grid.reveal(at);
      mark();
    }
  };
  chosen.watch(follow);
  person.watch(follow);
}

const MOVES = /** @type {const} */ (['down', 'up', 'first', 'last', 'page-down', 'page-up']);
/** @type {Record<string, (typeof MOVES)[number]>} */
const KEYS = { ArrowDown: 'down', ArrowUp: 'up', Home: 'first', End: 'last', PageDown: 'page-down', PageUp: 'page-up' };

/** @param {(typeof TABS)[number][0]} tab */
function showTab(tab) {
  const now = list.get();
  if (now.tab === tab) return;
  const sorts = SORTS[tab === 'identities' ? 'identities' : 'sessions'] ?? [];
  const kept = sorts.some(([key]) => key === now.sort);
  list.set({ ...now, tab, ...(kept ? {} : { sort: 'score', down: true }) });
}

/** @param {Entry | undefined} entry */
function isChosen(entry) {
  if (entry?.kind === 'identity') return entry.number === person.get();
  if (entry?.kind !== 'session' || person.get() !== null) return false;
  return entry.rank === (report.get()?.sessions.rank(chosen.get()) ?? -1);
}

/** @param {Entry} entry */
function choose(entry) {
  const shown = report.get();
  if (entry.kind === 'identity') person.set(entry.number);
  else if (entry.kind === 'session' && shown) {
    person.set(null);
    chosen.set(shown.sessions.at(entry.rank).id);
  }
}

/** @param {{ key: number, ranks: number[] }[]} groups @param {'identity' | 'incident'} by @returns {Entry[]} */
function flat(groups, by) {
  return groups.flatMap(({ key, ranks }) => {
    // A session that belongs to no incident needs no heading of its own.
    if (by === 'incident' && ranks.length === 1) return [{ kind: 'session', rank: ranks[0] ?? 0, inside: false }];
    const isOpen = open.has(key);
    return [
      /** @type {Entry} */ ({ kind: 'group', key, ranks, open: isOpen }),
      ...(isOpen ? ranks.map((rank) => /** @type {Entry} */ ({ kind: 'session', rank, inside: true })) : []),
    ];
  });
}

/** @param {string} name @param {string} id */
const choice = (name, id) => element('select', { id: `filter-${id}`, 'aria-label': name });

/** @param {HTMLSelectElement} select @param {[string, string][]} choices */
const offerChoices = (select, choices) => select.replaceChildren(...choices.map(([value, name]) => element('option', { value }, name)));

/** @param {ReturnType<typeof list.get>} now */
function headings(now) {
  const zoned = `When (${zoneName(report.get()?.summary.span.to ?? 0)})`;
  /** @type {[string, Sort | null][]} */
  const columns = now.tab === 'identities'
    ? [['Who', 'who'], ['Usual', null], ['Sessions', 'sessions'], ['Alerts', 'alerts']]
    : [['Score', 'score'], ['Who', 'who'], ['What is odd', null], [zoned, 'when']];
  return columns.map(([name, key]) => {
    if (!key) return element('th', { scope: 'col', role: 'columnheader' }, name);
    const by = now.sort === key;
    const rising = key === 'who' ? !now.down : !now.down;
    const button = element('button', { type: 'button', class: 'sorter' }, name, element('span', { 'aria-hidden': 'true' }, by ? (rising ? ' ↑' : ' ↓') : ''));
    button.addEventListener('click', () => list.set({ ...list.get(), sort: key, down: by ? !now.down : key !== 'who' }));
    return element('th', { scope: 'col', role: 'columnheader', 'aria-sort': by ? (rising ? 'ascending' : 'descending') : 'none' }, button);
  });
}

/** @param {Report} shown @param {number} rank @param {boolean} inside */
function sessionRow(shown, rank, inside) {
  const session = shown.sessions.at(rank);
  const who = shown.identities[session.identity];
  const what = oddness(session);
  const good = session.known === null ? undefined : shown.known[session.known];
  const about = [good && 'known good', who?.class].filter(Boolean).join(', ');
  const because = good ? `Known to be good: ${good.what}${good.note && ` (${good.note})`}` : about;
  return element('tr', { role: 'row', 'data-session': session.id, 'data-score': session.score, class: inside ? 'inside' : null, 'aria-level': inside ? 2 : null },
    element('td', { role: 'gridcell' }, element('span', { class: 'score' }, score(session.score)), element('span', { class: `severity ${session.severity}` }, session.excused ? 'excused' : session.severity === 'none' ? 'no alert' : session.severity)),
    element('td', { role: 'gridcell' }, element('span', { class: 'who', title: who?.name }, who?.name ?? 'not known'), element('span', { class: 'fine one-line', title: because }, about)),
    element('td', { role: 'gridcell', class: 'what' }, element('span', { class: 'two-lines', title: what }, what)),
    element('td', { role: 'gridcell', class: 'when', title: moment(session.span.from) }, day(session.span.from), ' ', clock(session.span.from)));
}

/** @param {Report} shown @param {Extract<Entry, { kind: 'group' }>} entry */
function groupRow(shown, { key, ranks, open }) {
  const rows = ranks.map((rank) => shown.sessions.at(rank));
  const first = rows[0];
  const alerts = rows.filter((r) => r.alert).length;
  const worst = ['high', 'medium', 'low'].find((s) => rows.some((r) => r.alert && r.severity === s)) ?? 'none';
  const incident = list.get().group === 'incident';
  const name = incident ? (shown.incidents[key]?.name ?? 'No incident') : (shown.identities[key]?.name ?? 'not known');
  const from = Math.min(...rows.map((r) => r.span.from));
  const to = Math.max(...rows.map((r) => r.span.to));
  return element('tr', { role: 'row', class: 'group', 'aria-level': 1, 'aria-expanded': String(open) },
    element('td', { role: 'gridcell' }, element('span', { class: 'score' }, element('span', { class: 'fold', 'aria-hidden': 'true' }, open ? '▾ ' : '▸ '), score(first?.score ?? 0)), element('span', { class: `severity ${worst}` }, worst === 'none' ? 'no alert' : worst)),
    element('td', { role: 'gridcell' }, element('span', { class: 'who', title: name }, name), element('span', { class: 'fine one-line' }, incident ? '' : (shown.identities[key]?.class ?? ''))),
    element('td', { role: 'gridcell', class: 'what' }, element('span', { class: 'two-lines' }, `${counted(rows.length, 'session')}${alerts && alerts !== rows.length ? `, ${counted(alerts, 'alert')}` : ''}. ${first ? oddness(first) : ''}`)),
    element('td', { role: 'gridcell', class: 'when', title: span({ from, to }) }, day(from), date(from) === date(to) ? '' : ` to ${day(to)}`));
}

/** @param {Report} shown @param {number} number */
function identityRow(shown, number) {
  const who = shown.identities[number];
  const usual = who?.usual.slice(0, 3).map((u) => u.name).join('; ') ?? '';
  return element('tr', { role: 'row', 'data-identity': number },
    element('td', { role: 'gridcell' }, element('span', { class: 'who', title: who?.name }, who?.name ?? ''), element('span', { class: 'fine one-line' }, who?.class ?? '')),
    element('td', { role: 'gridcell', class: 'what' }, element('span', { class: 'two-lines', title: usual }, usual)),
    element('td', { role: 'gridcell', class: 'number' }, count(who?.sessions ?? 0)),
    element('td', { role: 'gridcell', class: 'number' }, who?.alerts ? element('b', {}, count(who.alerts)) : '0'));
}

/** The restrictions in force, each with a way out. @param {Report | null} shown @param {Filter} now */
function restricted(shown, now) {
  /** @type {[string, Partial<Filter>][]} */
  const parts = [];
  if (now.identity !== null) parts.push([`Identity: ${shown?.identities[now.identity]?.name ?? now.identity}`, { identity: null }]);
  if (now.class) parts.push([`Class: ${now.class}`, { class: '' }]);
  if (now.country) parts.push([`Country: ${country(now.country)}`, { country: '' }]);
  if (now.network) parts.push([`Network: ${now.network}`, { network: '' }]);
  if (now.from !== null || now.to !== null) {
    const { from, to } = { from: now.from ?? shown?.summary.span.from ?? 0, to: now.to ?? shown?.summary.span.to ?? 0 };
    parts.push([`Time: ${span({ from, to })}`, { from: null, to: null }]);
  }
  const made = parts.map(([name, without]) => {
    const button = element('button', { type: 'button', class: 'chip', 'aria-label': `Remove the filter ${name}` }, name, element('span', { 'aria-hidden': 'true' }, ' ×'));
    button.addEventListener('click', () => filter.set({ ...filter.get(), ...without }));
    return button;
  });
  if (restrictions(now) > 0) {
    const all = element('button', { type: 'button', class: 'chip plain' }, 'Clear all filters');
    all.addEventListener('click', () => filter.set(EVERYTHING));
    made.push(all);
  }
  return made;
}

/** What stands where the list would be. @param {Report} shown @param {string} tab @param {Filter} wish */
function nothing(shown, tab, wish) {
  if (restrictions(wish)) return [element('p', {}, 'Nothing passes these filters.')];
  if (tab !== 'alerts') return [element('p', {}, 'There is nothing to list.')];
  const { promised } = shown.calibration;
  const all = element('button', { type: 'button' }, 'Look at the oddest sessions');
  all.addEventListener('click', () => showTab('sessions'));
  return [
    element('p', {}, element('strong', {}, 'Nothing odd was found. '), promised
      ? 'No session lies above the threshold, and no rule matched.'
      : 'There is too little data to be sure of it: what is usual can hardly be known from these files.'),
    shown.import.missing.length ? element('p', { class: 'fine' }, 'What these files do not say may hide something: see the import report.') : '',
    element('p', {}, all),
  ].filter((e) => e instanceof Node);
}
