// Copies of texts that the API does not have yet, in this browser. Each belongs to one account and
// one post; another account never sees it.

const PREFIX = "draft:";
const DAYS = 30;

export class Copies {
  #prefix;

  constructor(user) {
    this.#prefix = `${PREFIX}${user}:`;
    this.#removeOld();
  }

  read(post) {
    try {
      return JSON.parse(localStorage.getItem(this.#prefix + (post || "new")));
    } catch {
      return null;
    }
  }

  write(post, copy) {
    try {
      localStorage.setItem(this.#prefix + (post || "new"), JSON.stringify(copy));
      return true;
    } catch {
      return false;  // no storage, or no room in it
    }
  }

  remove(post) {
    try {
      localStorage.removeItem(this.#prefix + (post || "new"));
    } catch {}
  }

  #removeOld() {
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(PREFIX)) continue;
        const { time = 0 } = JSON.parse(localStorage.getItem(key)) ?? {};
        if (Date.now() - time > DAYS * 24 * 3600_000) localStorage.removeItem(key);
      }
    } catch {}
  }
}
