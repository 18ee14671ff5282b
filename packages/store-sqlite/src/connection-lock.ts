/**
 * One holder at a time for one database file (or one handle, for a database in memory). SQLite's drivers block the thread while they wait for another
 * connection's lock; where that connection belongs to the same thread, it could never let go. So stores of one thread queue here instead.
 */
export class ConnectionLock {
  static readonly #byFile = new Map<string, ConnectionLock>()
  static readonly #byHandle = new WeakMap<object, ConnectionLock>()

  #tail: Promise<void> = Promise.resolve()
  #holders = 0

  /** @param file - the file's path as SQLite says it; empty: in memory, known by its handle */
  static of(file: string, handle: object): ConnectionLock {
    const known = file === '' ? ConnectionLock.#byHandle.get(handle) : ConnectionLock.#byFile.get(file)
    if (known !== undefined) return known
    const lock = new ConnectionLock()
    // entries for files stay: one small object for each file that a process ever opened
    if (file === '') ConnectionLock.#byHandle.set(handle, lock)
    else ConnectionLock.#byFile.set(file, lock)
    return lock
  }

  /** true: nobody holds it or waits for it */
  get isFree(): boolean {
    return this.#holders === 0
  }

  /** Resolves when it is the caller's turn, with the function that ends it. */
  async acquire(): Promise<() => void> {
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = () => {
        if (!ended) this.#holders -= 1
        ended = true
        resolve()
      }
    })
    let ended = false
    this.#holders += 1
    const before = this.#tail
    this.#tail = before.then(() => held)
    await before
    return release
  }
}
