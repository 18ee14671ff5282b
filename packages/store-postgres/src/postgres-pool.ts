/** What is called of a `pg` Pool. @see {@link https://node-postgres.com/apis/pool} */
export interface PostgresPool {
  connect(): Promise<PostgresPoolClient>
}

/** What is called of a client that a pool hands out. */
export interface PostgresPoolClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null; readonly command: string }>
  release(destroy?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}
