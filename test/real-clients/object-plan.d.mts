export interface PlannedObject {
  readonly name: string
  readonly key: string
  readonly client: string
  readonly sizeBytes: number
}
export const OBJECT_PLAN: readonly PlannedObject[]
