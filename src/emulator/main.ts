/**
 * @module IAM Identity Center at wire level, for demo, tests and trying things out: the other side of the
 * gateway. It is faithful or silent: what is built behaves as AWS documents or as observed (each limit and rule
 * cites its reason), what is not built answers an explicit error.
 *
 * It must never share code with the adapters that talk to it (`src/saml`, `src/aws`, `src/scim`): a mistake made
 * twice would pass every test. It imports only `src/lib` and packages, listens on loopback only, and keeps all
 * state in memory.
 *
 * Neighbours: `state/` holds the organisation (one file per aggregate), `generate/` makes large ones up, `aws/` speaks
 * the protocols of the AWS services (one folder each), `scim/` is the SCIM endpoint, `saml-sp/` the sign-in, `control/`
 * stands for the AWS console and for the needs of tests (`/_emulator/...`).
 */
export { addEmulatorCommand, type EmulatorCommandHost } from './command.js'
export { startEmulator, type Emulator, type EmulatorOptions } from './emulator.js'
