/**
 * @typedef {{ token: string, tenantId: string, user: string, expiresAt: string }} Session
 */

export class Sessions {
  #byToken = new Map();
  #now;

  /** @param {Session[]} sessions @param {() => number} now milliseconds since 1970 */
  constructor(sessions, now = Date.now) {
    this.#now = now;
    for (const session of sessions) this.#byToken.set(session.token, session);
  }

  /** The session, or undefined when there is none or it has expired. @param {string} token */
  find(token) {
    const session = this.#byToken.get(token);
    if (session === undefined || Date.parse(session.expiresAt) <= this.#now()) return undefined;
    return session;
  }
}
