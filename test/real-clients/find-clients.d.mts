export interface FoundClients {
  /** program by client */
  readonly programs: Readonly<Record<string, string>>
  readonly missing: readonly string[]
}
export function findClients(names?: readonly string[]): Promise<FoundClients>
