import { test, beforeAll, expect } from 'vitest'
import { checkResponse } from '/work/main/src/emulator/saml-sp/check-response.js'
import { parseCertificate } from '/work/main/src/emulator/state/identity-provider.js'
import { emailAddress, makeTestIdp, signBoth, signElement, writeResponse } from '/work/main/test/support/saml-signer.js'
const now = Date.parse('2026-11-22T12:00:00Z'); const instant = new Date(now).toISOString(); const later = new Date(now+300000).toISOString()
const acsUrl='https://sp.example.com/acs'
const user={id:'1',userName:'dev@example.com',displayName:'D',givenName:'D',familyName:'R',active:true}
test('all', { timeout: 590000 }, async () => {
  const idp = await makeTestIdp('https://idp.example.com/saml')
  const expected = { now, clockSkewMs:0, requireSignatures:'either' as const, acsUrl, spEntityId:'urn:sp', idpEntityId: idp.entityId, certificates:[parseCertificate(idp.certificate)], relayState:undefined, browserId:undefined, findRequest:(id:string)=> id==='_q'?{id,answered:false,expiresAt:now+1e6,browserId:undefined,acsUrl:undefined,relayState:undefined} as never:undefined, isConsumed:()=>false, findUser:(n:string)=>n===user.userName?user:undefined }
  const parts = {responseId:'_r',assertionId:'_a',issueInstant:instant,issuer:idp.entityId,destination:acsUrl,recipient:acsUrl,inResponseTo:'_q',subjectInResponseTo:'_q',audience:'urn:sp',nameId:user.userName,nameIdFormat:emailAddress,notBefore:instant,notOnOrAfter:later,subjectNotOnOrAfter:later,sessionNotOnOrAfter:later,statements:'<saml:AttributeStatement><saml:Attribute Name="a"><saml:AttributeValue>v w</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>'}
  const un = writeResponse(parts)
  for (const [name, signed] of [['both', signBoth(un, idp)], ['response', signElement(un,'Response',idp)], ['assertion', signElement(un,'Assertion',idp)]] as const) {
    const check=(x:string)=>checkResponse(Buffer.from(x).toString('base64'), expected)
    const original = check(signed); expect(original.accepted).toBe(true)
    let same=0
    for (const piece of (process.env.PIECES ?? 'x,').split(','))
    for (let at=0; at<signed.length; at++) {
      const m = signed.slice(0,at)+piece+signed.slice(at+1)
      if (m===signed) continue
      const v = check(m)
      if (!v.accepted) continue
      if (JSON.stringify(v.facts)===JSON.stringify(original.facts)) { same++; if (process.env.SHOW) console.log(name,'SAME',at,JSON.stringify(piece),m.slice(at-40,at+20)); continue }
      console.log(name,'DIFF',at,JSON.stringify(piece),signed.slice(Math.max(0,at-60),at)+'[['+signed[at]+']]'+signed.slice(at+1,at+20), JSON.stringify(v.facts.signed))
    }
    console.log(name, 'length', signed.length, 'same', same)
  }
})
