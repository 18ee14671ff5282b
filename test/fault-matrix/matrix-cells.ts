import { type Cell, FREQUENCIES, type Frequency, GROUNDS, type Ground, type Row } from './cell.ts'
import { CONNECTION_ROWS } from './rows/connection-rows.ts'
import { HEADER_ROWS } from './rows/header-rows.ts'
import { IDENTITY_ROWS } from './rows/identity-rows.ts'
import { OPEN_ROWS } from './rows/open-rows.ts'
import { READ_BACK_ROWS } from './rows/read-back-rows.ts'
import { REPLY_ROWS } from './rows/reply-rows.ts'
import { SOURCE_ROWS } from './rows/source-rows.ts'
import { UPLOAD_ROWS } from './rows/upload-rows.ts'
import { WRITE_ROWS } from './rows/write-rows.ts'
import { SHAPES, type ShapeName } from './shapes.ts'

const ROWS: readonly Row[] = [
  ...SOURCE_ROWS,
  ...WRITE_ROWS,
  ...UPLOAD_ROWS,
  ...REPLY_ROWS,
  ...READ_BACK_ROWS,
  ...HEADER_ROWS,
  ...IDENTITY_ROWS,
  ...OPEN_ROWS,
  ...CONNECTION_ROWS,
]

/** Every cell of the matrix, for one ground. */
export function cellsOf(ground: Ground): Cell[] {
  return ROWS.filter((row) => (row.grounds ?? GROUNDS).includes(ground)).flatMap((row) =>
    row.shapes.flatMap((shape) => FREQUENCIES.flatMap((frequency) => cellOf(row, ground, shape, frequency) ?? [])),
  )
}

function cellOf(row: Row, ground: Ground, shape: ShapeName, frequency: Frequency): Cell | null {
  const special = row.except?.find(
    (item) => item[frequency] !== undefined && (item.shapes ?? [shape]).includes(shape) && (item.grounds ?? [ground]).includes(ground),
  )
  const expected = special?.[frequency] ?? row[frequency]
  return expected === undefined ? null : { id: `${ground}/${row.name}/${shape}/${frequency}`, row, ground, shape: SHAPES[shape], frequency, expected }
}
