// Saves the draft while somebody writes. What is not saved yet is kept in this browser, too, and
// offered again if the browser or the machine has failed in the meantime.

import { button, element } from "./element.js";

const PAUSE_MILLISECONDS = 2_000;  // without a key
const LONGEST_MILLISECONDS = 10_000;  // of somebody who never pauses
const RETRY_MILLISECONDS = [2_000, 4_000, 8_000, 15_000, 30_000, 60_000];
const WORDS = ["title", "text", "description", "slug"];

export class Draft {
  isLeaving = false;
  #form;
  #api;
  #copies;
  #state;
  #known;  // what the API has, as JSON
  #timer;
  #since = 0;  // when the first change was made that is not saved
  #running = null;
  #failures = 0;
  #isBlocked = false;  // until somebody decides about a conflict

  constructor(form, api, copies, state) {
    [this.#form, this.#api, this.#copies, this.#state] = [form, api, copies, state];
    this.#known = JSON.stringify(this.#content());
    addEventListener("beforeunload", (event) => {
      if (this.isDirty && !this.isLeaving) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.isDirty) this.#keep();
      else if (this.#failures) this.#soon(0);
    });
    for (const name of ["online", "focus"]) addEventListener(name, () => this.#failures && this.#soon(0));
    if (this.#message()) this.#known = "";  // the form has come back with what is not saved
    if (this.isDirty) this.changed();
  }

  get isDirty() {
    return JSON.stringify(this.#content()) !== this.#known;
  }

  get #post() {
    return this.#form.elements.post.value;
  }

  changed() {
    if (this.isLeaving || !this.isDirty) return;
    this.#keep();
    this.#since ||= Date.now();
    this.#state.show("not saved yet");
    const most = this.#since + LONGEST_MILLISECONDS - Date.now();
    if (!this.#failures) this.#soon(Math.max(0, Math.min(PAUSE_MILLISECONDS, most)));
  }

  // Saves now. Whether the form may be submitted: true also if the API has found mistakes, which
  // the form then shows at their fields. With `isEnough`, saving is all that is wanted.
  async saved(isEnough) {
    clearTimeout(this.#timer);
    const status = this.isDirty || !this.#post ? await this.#save() : 200;
    if (status === 200 && isEnough) this.#state.tell("The draft is saved.");
    return status === 422 || status === 413 || (status === 200 && !isEnough);
  }

  // Later, as a form that is being submitted cannot be submitted.
  leave(go) {
    this.isLeaving = true;
    setTimeout(go);
  }

  // -- a copy in this browser --------------------------------------------------------------------

  offerCopy() {
    const copy = [this.#copies.read(this.#post), this.#copies.read(`kept:${this.#post}`)]
      .filter((one) => one && JSON.stringify(one.content) !== JSON.stringify(this.#content()))
      .sort((one, other) => other.time - one.time)[0];
    this.#copies.remove(this.#post);
    this.#copies.remove(`kept:${this.#post}`);
    if (copy && !this.#message()) this.#offer(copy);
  }

  #offer(copy) {
    const key = `kept:${this.#post}`;
    this.#copies.write(key, copy);
    const isOlder = copy.revision && copy.revision !== this.#form.elements.revision.value;
    const end = () => {
      this.#copies.remove(key);
      notice.remove();
      this.#form.elements.text.focus();
    };
    const notice = element("div", { className: "message", role: "alert" },
      element("p", {}, `This browser has kept a text of ${new Date(copy.time).toLocaleString()} that was not saved. `,
        isOlder ? "The post was saved elsewhere after that." : ""),
      element("div", { className: "buttons" },
        button("Restore it", () => { this.#fill(copy.content); end(); }),
        button("Discard it", end)));
    this.#form.before(notice);
  }

  #keep() {
    const copy = { time: Date.now(), revision: this.#form.elements.revision.value, content: this.#content() };
    return this.#copies.write(this.#post, copy);
  }

  // -- saving ------------------------------------------------------------------------------------

  #soon(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), milliseconds);
  }

  // One request at a time; returns the status of the last one.
  async #save() {
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
    if (this.#isBlocked) return 409;
    const content = this.#content();
    if (!this.#post && !content.title.trim() && !content.text.trim()) return 422;
    this.#running = this.#send(content);
    try {
      return await this.#running;
    } finally {
      this.#running = null;
    }
  }

  async #send(content) {
    const post = this.#post;
    const revision = Number(this.#form.elements.revision.value);
    this.#state.show("saving");
    const { status, value } = post
      ? await this.#api.send("PUT", `/api/me/posts/${post}/draft`, { ...content, revision })
      : await this.#api.send("POST", "/api/me/posts", { ...content, key: this.#form.elements.key.value });
    if (status === 200 || status === 201) return this.#done(content, post, value);
    if (status === 409 && post) await this.#conflict();
    else if (status === 401) this.#loggedOut();
    else if (status === 422 || status === 413) this.#invalid(value);
    else if (status === 404) this.#state.tell("This post has been deleted in another window. ");
    else this.#failed(status, value);
    return status;
  }

  #done(content, post, value) {
    this.#known = JSON.stringify(content);
    this.#form.elements.revision.value = value.revision;
    this.#form.elements.post.value = value.id;
    if (!post) history.replaceState(history.state, "", `/account/write?post=${value.id}`);
    this.#since = 0;
    if (this.#failures) this.#state.tell("Saved again.");
    else if (post !== value.id) this.#state.tell("The draft is saved as you write.");
    this.#failures = 0;
    this.#copies.remove(post);
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.#state.show(`saved at ${time}`);
    this.changed();  // what was typed in the meantime
    return 200;
  }

  #failed(status, value) {
    const wait = RETRY_MILLISECONDS[Math.min(this.#failures++, RETRY_MILLISECONDS.length - 1)];
    this.#state.show("not saved");
    const isKept = this.#keep();
    if (this.#failures === 1) {
      this.#state.tell(
        status === 429 ? value.error : "The draft cannot be saved at the moment. ",
        isKept ? " This browser keeps a copy, and tries again." : " This browser cannot keep a copy: do not close this page.");
    }
    this.#soon(wait);
  }

  #invalid(value) {
    this.#since = 0;
    this.#state.show("not saved");
    this.#state.tell(Object.values(value.fields ?? {})[0] ?? value.error ?? "This cannot be saved.");
  }

  #loggedOut() {
    this.#failures ||= 1;
    this.#soon(RETRY_MILLISECONDS.at(-1));
    this.#state.show("not saved");
    this.#state.tell("You are not logged in as before. This browser keeps a copy. ",
      element("a", { href: "/account/login", target: "_blank", rel: "noopener" }, "Log in in a new window"));
  }

  // -- two windows -------------------------------------------------------------------------------

  async #conflict() {
    this.#state.show("not saved");
    const { status, value } = await this.#api.send("GET", `/api/me/posts/${this.#post}`);
    if (status !== 200) {
      this.#failed(status, value);
      return;
    }
    this.#isBlocked = true;
    const end = (content) => {
      section.remove();
      this.#form.elements.revision.value = value.revision;
      this.#isBlocked = false;
      if (content) this.#fill(content);
      this.#save();
      this.#form.elements.text.focus();
    };
    const other = element("textarea", { readOnly: true, rows: 8, value: value.text, "aria-label": "The text that was saved in the other window" });
    const section = element("section", { className: "message conflict", role: "alert" },
      element("p", {}, "This post was changed in another window. Nothing is lost: what you have written is in the form, and this was saved there:"),
      element("p", {}, element("strong", {}, value.title)), other,
      element("div", { className: "buttons" },
        button("Keep what is here", () => end(null)),
        button("Take what was saved there", () => end({ ...value, tags: [...value.tags] }))));
    this.#form.before(section);
    section.querySelector("button").focus();
  }

  // -- the fields --------------------------------------------------------------------------------

  #content() {
    const fields = this.#form.elements;
    const tags = fields.tags.value.split(",").map((tag) => tag.trim()).filter(Boolean);
    return { ...Object.fromEntries(WORDS.map((name) => [name, fields[name].value])), tags };
  }

  #fill(content) {
    for (const name of WORDS) this.#form.elements[name].value = content[name] ?? "";
    this.#form.elements.tags.value = (content.tags ?? []).join(", ");
    this.#form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #message() {
    return document.querySelector("#personal .message.error[autofocus]");
  }
}
