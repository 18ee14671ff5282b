import type { Compilable, CompiledQuery, QueryResult } from 'kysely'
import type { StoreContext } from './store-context.ts'

/** Stands in a statement for the value at `index` of the list that the statement is run with. */
export type ValueSlot = <T>(index: number) => T

/** Builds a statement; called once a store. Its text may depend on the context only. */
export type StatementBuilder<Row> = (context: StoreContext, slot: ValueSlot) => Compilable<Row>

class Slot {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

// Kysely takes any object that is no expression for a parameter
const slot: ValueSlot = <T>(index: number): T => new Slot(index) as unknown as T

/**
 * Runs a statement of the hot path. It is compiled at its first use in a store: compiling one INSERT takes longer than SQLite takes to run it.
 * @param build - the same function each time; it is what the compiled text is kept under
 * @param values - one for each slot
 */
export async function runCompiled<Row>(context: StoreContext, build: StatementBuilder<Row>, values: readonly unknown[]): Promise<QueryResult<Row>> {
  let compiled = context.statements.get(build) as CompiledQuery<Row> | undefined
  if (compiled === undefined) {
    compiled = build(context, slot).compile()
    context.statements.set(build, compiled)
  }
  const parameters = compiled.parameters.map((parameter) => (parameter instanceof Slot ? values[parameter.index] : parameter))
  return await context.db.executeQuery<Row>({ ...compiled, parameters })
}
