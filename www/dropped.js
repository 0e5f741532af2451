// What was dropped or chosen, as files with names. Folders are walked to their ends.

/** @typedef {import('./protocol.js').Problem} Problem */
/** @typedef {{ name: string, file: File }} Named */

/**
 * Files from an input: those of a folder keep their path.
 * @param {FileList | null} list
 * @returns {Named[]}
 */
export function fromInput(list) {
  return [...(list ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
}

/**
 * Files and folders from a drop. The entries must be taken before the first await: the browser empties the list then.
 * @param {DataTransfer} transfer
 * @returns {Promise<{ files: Named[], troubles: Problem[] }>}
 */
export async function fromDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const taken = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  /** @type {Named[]} */
  const files = [];
  /** @type {Problem[]} */
  const troubles = [];
  for (const { entry, file } of taken) {
    if (entry) await walk(entry, files, troubles);
    else if (file) files.push({ name: file.name, file });
  }
  return { files, troubles };
}

/**
 * @param {FileSystemEntry} top
 * @param {Named[]} files
 * @param {Problem[]} troubles
 */
async function walk(top, files, troubles) {
  const open = [top];
  for (let entry = open.pop(); entry; entry = open.pop()) {
    const name = entry.fullPath.replace(/^\//, '');
    try {
      if (entry.isDirectory) open.push(...(await children(/** @type {FileSystemDirectoryEntry} */ (entry))));
      else files.push({ name, file: await opened(/** @type {FileSystemFileEntry} */ (entry)) });
    } catch (error) {
      troubles.push({ file: name, reason: error instanceof Error ? `it could not be opened: ${error.message}` : 'it could not be opened' });
    }
  }
}

/**
 * A folder's entries. They come a hundred at a time; an empty answer is the end.
 * @param {FileSystemDirectoryEntry} folder
 */
async function children(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    const some = await new Promise((/** @type {(e: FileSystemEntry[]) => void} */ resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
const opened = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
