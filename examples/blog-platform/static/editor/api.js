// Requests to the API, with the token of the form. A token of an earlier session is renewed once.

const WAIT_MILLISECONDS = 20_000;

export class Api {
  #form;

  constructor(form) {
    this.#form = form;
  }

  // The status and the value of an answer; status 0 if there is none. 401 also if it is somebody
  // else who is logged in now: nothing of one account may get into another.
  async send(method, path, body, options = {}) {
    const answer = await this.#once(method, path, body, options);
    if (answer.status !== 403) return answer;
    const session = await this.#once("GET", "/api/session", undefined, options);
    if (session.status !== 200) return session;
    if (session.value.user?.user !== this.#form.dataset.user) return { status: 401, value: {} };
    this.#form.elements.csrf.value = session.value.csrf;
    return this.#once(method, path, body, options);
  }

  async #once(method, path, body, { signal, type = "application/json" }) {
    const wait = AbortSignal.timeout(WAIT_MILLISECONDS);
    const headers = { "X-CSRF-Token": this.#form.elements.csrf.value };
    if (body !== undefined) headers["Content-Type"] = type;
    try {
      const response = await fetch(path, {
        method,
        headers,
        body: type === "application/json" && body !== undefined ? JSON.stringify(body) : body,
        signal: signal ? AbortSignal.any([signal, wait]) : wait,
      });
      return { status: response.status, value: await response.json() };
    } catch {
      return { status: 0, value: {} };
    }
  }
}
