import { describe, expect, it } from 'vitest'
import { grantsFromAcl } from './acl-grants.ts'

describe('grantsFromAcl', () => {
  it('leaves out the owner', () => {
    const grants = [
      { Grantee: { Type: 'CanonicalUser', ID: 'abc' }, Permission: 'FULL_CONTROL' },
      { Grantee: { Type: 'CanonicalUser', ID: 'def' }, Permission: 'READ' },
    ]
    expect(grantsFromAcl(grants, 'abc')).toEqual({ 'x-amz-grant-read': 'id="def"' })
  })

  it('joins the grantees of a permission, and leaves out what objects do not know', () => {
    expect(
      grantsFromAcl([
        { Grantee: { Type: 'CanonicalUser', ID: 'abc' }, Permission: 'FULL_CONTROL' },
        { Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' },
        { Grantee: { Type: 'CanonicalUser', ID: 'def' }, Permission: 'READ' },
        { Grantee: { Type: 'AmazonCustomerByEmail', EmailAddress: 'a@b.c' }, Permission: 'READ_ACP' },
        { Grantee: { Type: 'CanonicalUser', ID: 'abc' }, Permission: 'WRITE' },
        { Grantee: {}, Permission: 'READ' },
        { Permission: 'READ' },
      ]),
    ).toEqual({
      'x-amz-grant-full-control': 'id="abc"',
      'x-amz-grant-read': 'uri="http://acs.amazonaws.com/groups/global/AllUsers", id="def"',
      'x-amz-grant-read-acp': 'emailAddress="a@b.c"',
    })
  })
})
