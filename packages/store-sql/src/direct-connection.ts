/**
 * The database's one connection while nobody else uses it. What runs on it runs within one turn of the event loop, so that it need not be held.
 */
export interface DirectConnection {
  /** Runs a statement that gives no rows. @returns how many rows it wrote */
  change(sql: string, parameters: readonly unknown[]): number
}
