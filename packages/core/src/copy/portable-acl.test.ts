import { describe, expect, it } from 'vitest'
import { portableAcl } from './portable-acl.ts'

const ALL = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
const SIGNED_IN = 'uri="http://acs.amazonaws.com/groups/global/AuthenticatedUsers"'

describe('portableAcl', () => {
  it.each([
    ['nothing', {}, null, []],
    ['everybody may read', { 'x-amz-grant-read': ALL }, 'public-read', []],
    ['who is signed in may read', { 'x-amz-grant-read': SIGNED_IN }, 'authenticated-read', []],
    ['both, of which the wider counts', { 'x-amz-grant-read': `${SIGNED_IN}, ${ALL}` }, 'public-read', []],
    ['a user', { 'x-amz-grant-read': 'id="abc"' }, null, ['x-amz-grant-read id="abc"']],
    ['a user beside everybody', { 'x-amz-grant-read': `id="abc", ${ALL}` }, 'public-read', ['x-amz-grant-read id="abc"']],
    ['a group that may do more than read', { 'x-amz-grant-full-control': ALL }, null, [`x-amz-grant-full-control ${ALL}`]],
    ['an address', { 'x-amz-grant-read-acp': 'emailAddress="a@b.c"' }, null, ['x-amz-grant-read-acp emailAddress="a@b.c"']],
  ])('%s', (_, grants, canned, lost) => {
    expect(portableAcl(grants)).toEqual({ canned, lost })
  })
})
