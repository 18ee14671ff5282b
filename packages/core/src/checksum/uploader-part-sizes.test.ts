import { describe, expect, it } from 'vitest'
import { UPLOADER_PART_SIZES } from '../../test/vectors.ts'
import { UPLOADER_RULES, uploaderPartSizes } from './uploader-part-sizes.ts'

const MIB = 1024 * 1024

/** The columns of the table of known answers, by how the rules name them. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  'aws-cli': ['aws-cli, boto3'],
  'JS, Java v1, Go': ['AWS SDK for JavaScript, Java v1, .NET, Ruby', 'AWS SDK for Go, Terraform'],
  'Java v2': ['AWS SDK for Java v2'],
  CRT: ['AWS common runtime (aws-cli crt, Java, Python), Mountpoint'],
  rclone: ['rclone'],
  'minio-go': ['minio-go, mc, sealift'],
  Cyberduck: ['Cyberduck, Mountain Duck'],
  s5cmd: ['s5cmd'],
}

function sizeOf(uploader: string, sizeBytes: number): number | undefined {
  return UPLOADER_RULES.find((rule) => rule.uploader === uploader)?.partSizeBytes(sizeBytes)
}

describe('the rules of uploaders', () => {
  it.each(UPLOADER_PART_SIZES)('$uploader cuts $sizeBytes bytes into parts of $partSizeBytes', ({ uploader, sizeBytes, partSizeBytes }) => {
    const rules = RULES[uploader] ?? []
    expect(rules.length).toBeGreaterThan(0)
    for (const rule of rules) expect(sizeOf(rule, sizeBytes)).toBe(partSizeBytes)
  })

  it('differ from each other only where they should: one byte more for Go on a multiple of 10,000', () => {
    expect(sizeOf('AWS SDK for JavaScript, Java v1, .NET, Ruby', 100_000_000_000)).toBe(10_000_000)
    expect(sizeOf('AWS SDK for Go, Terraform', 100_000_000_000)).toBe(10_000_001)
  })

  it('grow exactly at their boundaries', () => {
    const full = 10_000 * 5 * MIB
    for (const rule of ['AWS SDK for JavaScript, Java v1, .NET, Ruby', 'rclone']) expect(sizeOf(rule, full)).toBe(5 * MIB)
    expect(sizeOf('AWS SDK for Go, Terraform', full - 1)).toBe(5 * MIB)
    expect(sizeOf('AWS SDK for Go, Terraform', full)).toBe(5 * MIB + 1)
    expect(sizeOf('AWS SDK for JavaScript, Java v1, .NET, Ruby', full + 1)).toBe(5 * MIB + 1)
    expect(sizeOf('rclone', full + 1)).toBe(6 * MIB)
    expect(sizeOf('rclone', 10_000 * 6 * MIB)).toBe(6 * MIB)
    expect(sizeOf('rclone', 10_000 * 6 * MIB + 1)).toBe(7 * MIB)
    expect(sizeOf('aws-cli, boto3', 10_000 * 8 * MIB)).toBe(8 * MIB)
    expect(sizeOf('aws-cli, boto3', 10_000 * 8 * MIB + 1)).toBe(16 * MIB)
  })

  it('ranks those that upload such an object in parts by default before those that do not', () => {
    const sizes = uploaderPartSizes(12 * MIB)
    expect(sizes[0]).toBe(8 * MIB)
    expect(sizes.indexOf(16 * MIB)).toBeGreaterThan(sizes.indexOf(5 * MIB))
    expect(sizes.length).toBe(UPLOADER_RULES.length)
  })
})
