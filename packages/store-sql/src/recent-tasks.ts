const MAX_TASKS = 256

/** The ids of the tasks that were named last; the oldest makes room, so that a process of a million tasks keeps a few of them. */
export class RecentTasks {
  readonly #ids = new Set<string>()

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  add(id: string): void {
    this.#ids.delete(id)
    this.#ids.add(id)
    const [oldest] = this.#ids
    if (this.#ids.size > MAX_TASKS && oldest !== undefined) this.#ids.delete(oldest)
  }
}
