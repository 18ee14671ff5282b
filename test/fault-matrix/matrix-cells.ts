import { type Cell, FREQUENCIES, type Frequency, GROUNDS, type Ground, type Row } from './cell.ts'
import { CONNECTION_ROWS } from './rows/connection-rows.ts'
import { HEADER_ROWS } from './rows/header-rows.ts'
import { IDENTITY_ROWS } from './rows/identity-rows.ts'
import { OPEN_ROWS } from './rows/open-rows.ts'
import { READ_BACK_ROWS } from './rows/read-back-rows.ts'
import { REPLY_ROWS } from './rows/reply-rows.ts'
import { REQUEST_HEADER_ROWS } from './rows/request-header-rows.ts'
import { SOURCE_ROWS } from './rows/source-rows.ts'
import { UPLOAD_ROWS } from './rows/upload-rows.ts'
import { WRITE_ROWS } from './rows/write-rows.ts'
import { KIT_SHAPES, SHAPE_NAMES, SHAPES, type ShapeName } from './shapes.ts'

/** Every cell, also those that the tests leave to `npm run matrices`. */
export const whole: boolean = process.env.SEALIFT_MATRIX === 'whole'

const ROWS: readonly Row[] = [
  ...SOURCE_ROWS,
  ...WRITE_ROWS,
  ...UPLOAD_ROWS,
  ...REPLY_ROWS,
  ...READ_BACK_ROWS,
  ...HEADER_ROWS,
  ...REQUEST_HEADER_ROWS,
  ...IDENTITY_ROWS,
  ...OPEN_ROWS,
  ...CONNECTION_ROWS,
]

/**
 * Which shapes run where: small, medium and multipart over real RGW, and each of the others on one ground at least, as the tests have minutes only;
 * SEALIFT_MATRIX=whole (`npm run matrices`) runs all of them.
 */
const SHAPES_OF: Readonly<Record<Ground, Readonly<Record<Frequency, readonly ShapeName[]>>>> = {
  rgw: whole ? { once: SHAPE_NAMES, always: SHAPE_NAMES } : { once: ['small', 'medium', 'multipart', 'streamed'], always: ['small', 'medium', 'multipart'] },
  'kit-ceph': {
    once: whole ? ['small', 'medium', 'multipart', 'streamed'] : ['small', 'medium', 'multipart'],
    always: whole ? ['small', 'medium', 'multipart', 'streamed'] : ['small', 'medium', 'multipart'],
  },
  'kit-aws': whole
    ? { once: ['small', 'parts', 'streamed-parts'], always: ['small', 'parts', 'streamed-parts'] }
    : { once: ['small', 'parts'], always: ['parts', 'streamed-parts'] },
}

/** Every cell of the matrix, for one ground. */
export function cellsOf(ground: Ground): Cell[] {
  return ROWS.filter((row) => (row.grounds ?? GROUNDS).includes(ground)).flatMap((row) =>
    FREQUENCIES.flatMap((frequency) => shapesOf(row, ground, frequency).flatMap((shape) => cellOf(row, ground, shape, frequency) ?? [])),
  )
}

/** A row that names its grounds is tried there with all its shapes. */
function shapesOf(row: Row, ground: Ground, frequency: Frequency): readonly ShapeName[] {
  return row.grounds === undefined ? row.shapes.filter((shape) => SHAPES_OF[ground][frequency].includes(shape)) : row.shapes
}

function cellOf(row: Row, ground: Ground, shape: ShapeName, frequency: Frequency): Cell | null {
  const special = row.except?.find(
    (item) => item[frequency] !== undefined && (item.shapes ?? [shape]).includes(shape) && (item.grounds ?? [ground]).includes(ground),
  )
  const expected = special?.[frequency] ?? row[frequency]
  if (expected === undefined) return null
  return { id: `${ground}/${row.name}/${shape}/${frequency}`, row, ground, shape: (ground === 'rgw' ? SHAPES : KIT_SHAPES)[shape], frequency, expected }
}
