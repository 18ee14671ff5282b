import type { ResultStore } from '@sealift/core'

/** What a test runner has to offer: vitest, node:test, mocha and jest do. */
export interface ResultStoreConformanceRunner {
  readonly describe: (title: string, body: () => void) => unknown
  readonly it: (title: string, body: () => void | Promise<void>) => unknown
}

export interface ResultStoreConformanceSubject {
  /** A fresh, empty store over data of its own; the suite closes it. */
  readonly create: () => Promise<ResultStore>
  /** One more store over the same data as `store` (which may be closed by then): what a second process, or the next one, sees. Absent: the data ends with its store. */
  readonly reopen?: ((store: ResultStore) => Promise<ResultStore>) | undefined
  /** Runs SQL on the data of `store` and gives the rows as the driver does. Absent: not a store in SQL. */
  readonly query?: ((store: ResultStore, statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>) | undefined
  readonly capabilities: {
    /** what `durable` must say after `open()` */
    readonly durable: boolean
  }
}

/** What the parts of the suite are given. */
export interface ResultStoreSuite {
  readonly subject: ResultStoreConformanceSubject
  readonly describe: ResultStoreConformanceRunner['describe']
  /** a test with a fresh store that is closed afterwards */
  readonly test: (title: string, body: (store: ResultStore) => Promise<void>) => void
}
