/**
 * The wire's versions. A test pins the hash of all schemas: whoever changes a message changes the version or the hash on
 * purpose, and adds a line here.
 *
 * 1  2026-11  first version
 */
export const PROTOCOL_VERSION = 1;
export const PROTOCOL_VERSION_MIN = 1;
