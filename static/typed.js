// Watches the boxes of one section, or those that a button saves (`is_kept`). What it knows comes from
// _write/typing.py or kept.py in `data`; nothing here compares clocks.

// Before the box's name, once for each: offered, and overwritten neither by what is typed meanwhile nor by another one.
const COPY_OF_ANOTHER_TEXT = "~";
const LOOK_AGAIN_MS = 200;
const BOXES_APPEAR_WITHIN_MS = 4000;
const EACH_MS = 1000;
const ANSWERED_WITHIN_MS = 5000;
const ASKED_AT_LEAST_EVERY_MS = 60000;

const plain = (text) => text.replace(/\r\n?/g, "\n").replaceAll("\0", "").normalize("NFC");

// What is as it is typed is not sent twice.
const whole = (box) => ({ ...box, known: box.known ?? box.typed, shown: box.shown === null ? box.typed : box.shown });

class Watch {
  constructor(root) {
    this.root = root;
    this.data = null;
    this.timers = new Map(); // box -> the pause that is running
    this.elements = new Map(); // box -> its element, once its copy was looked at
    this.emptied = new Set(); // boxes that lost what was typed a moment ago
    this.unknown = new WeakSet(); // elements that were typed into before they were known to be a box
    this.sessions = new Set(); // of this page: a new one each time the server was started again
    this.own = new WeakMap(); // element -> what was typed into it here
    this.turn = 0; // how often Streamlit began this piece
    this.areCopiesMet = false;
    this.isFresh = false; // these boxes come on the screen for the first time since the page was loaded
    this.caret = null; // of the box with focus: a lost connection disables it for a moment
    this.offers = new Map(); // name of a copy -> the copy
    this.asked = null; // for copies without a box, and until when there is time to answer
    this.isBack = false;
    this.isPressed = false;
    this.isComposing = false;
    this.lookedAround = 0;
    this.listeners = [
      [document, "input", (event) => this.typed(event)],
      [document, "selectionchange", () => this.remember()],
      [document, "focusout", (event) => this.left(event)],
      [document, "compositionstart", () => { this.isComposing = true; }],
      [document, "compositionend", () => { this.isComposing = false; }],
      [document, "pointerdown", () => { this.isPressed = true; }],
      [document, "pointerup", () => { this.isPressed = false; }],
      [document, "pointercancel", () => { this.isPressed = false; }],
      [document, "visibilitychange", () => document.hidden && this.commitAll()],
      [window, "beforeunload", (event) => this.warn(event)],
      [window, "pagehide", () => this.leave()],
    ];
    // "Press Ctrl+Enter to apply" is no longer true.
    this.hints = new CSSStyleSheet();
    this.hints.replaceSync(`[class*="st-key-draft-"] [data-testid="InputInstructions"] { visibility: hidden; }`);
    this.observer = new MutationObserver((changes) => this.enable(changes));
  }

  begin(component) {
    this.turn += 1;
    this.setTriggerValue = component.setTriggerValue;
    if (!this.every) {
      for (const [where, what, how] of this.listeners) where.addEventListener(what, how, true);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.hints];
      this.observer.observe(document.body, { subtree: true, attributeFilter: ["disabled"] });
      this.every = setInterval(() => { this.lookForEmptied(); this.meet(); this.askAgain(); this.show(); }, EACH_MS);
    }
    this.learn(component.data[0]);
    return this.turn;
  }

  // Streamlit may end a turn after the next one has begun: where two answers of the server follow each other closely.
  end(turn) {
    if (turn !== this.turn) return;
    for (const [where, what, how] of this.listeners) where.removeEventListener(what, how, true);
    this.observer.disconnect();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.hints);
    clearInterval(this.every);
    clearTimeout(this.looking);
    clearTimeout(this.going);
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.every = null;
  }

  // The boxes

  className(box) {
    return `st-key-${box.key.trim().replace(/[^a-zA-Z0-9_-]/g, "-")}`;
  }

  element(box) {
    const name = `.${this.className(box)}`;
    return document.querySelector(`${name} .stTextArea textarea, ${name}.stTextArea textarea, ` +
      `${name} .stTextInput input, ${name}.stTextInput input, ` +
      `${name} .stChatInput textarea, ${name}.stChatInput textarea`);
  }

  boxOf(element) {
    const named = new Map(this.data.boxes.map((box) => [this.className(box), box]));
    for (let each = element; each; each = each.parentElement) {
      for (const name of each.classList) if (named.has(name)) return named.get(name);
    }
    return null;
  }

  isDirty(box, element = this.element(box)) {
    return element !== null && plain(element.value) !== box.known;
  }

  dirtyBoxes() {
    return (this.data?.boxes ?? []).filter((box) => this.isDirty(box));
  }

  // The copies in this browser

  read(name) {
    try {
      return JSON.parse(localStorage.getItem(this.data.copies + name));
    } catch {
      return null;
    }
  }

  write(name, copy) {
    try {
      if (copy) localStorage.setItem(this.data.copies + name, JSON.stringify(copy));
      else localStorage.removeItem(this.data.copies + name);
    } catch { /* full, or not allowed: the text is in the box, and leaving the page warns */ }
  }

  // `sent` are the texts on their way to the server, whose answer may never come.
  keep(box, text, isSent = false) {
    if (plain(text) === box.known) {
      this.write(box.box, null);
      return;
    }
    const earlier = this.read(box.box)?.sent ?? [];
    const sent = (isSent ? earlier.filter((each) => each !== plain(text)).concat(plain(text)) : earlier).slice(-3);
    const { session, version } = this.data;
    this.write(box.box, { text, base: box.known, version, row: box.row, sent, session, round: this.round(box.box) });
  }

  round(name) {
    return this.data.rounds?.[name.slice(0, name.lastIndexOf("/"))] ?? this.data.settled ?? 0;
  }

  // What a button has saved meanwhile, what was given up, or put together with somebody else's text. Rounds are counted
  // within a session; a copy of an earlier one is known by what it says.
  forgetDone() {
    for (const name of this.copies()) {
      const copy = name.startsWith(COPY_OF_ANOTHER_TEXT) ? null : this.read(name);
      if (!copy) continue;
      const over = this.data.over?.[name.slice(0, name.lastIndexOf("/"))] ?? [];
      const isOver = copy.session === this.data.session ? copy.round !== this.round(name)
        : over.includes(plain(copy.text).trim());
      const isStored = copy.row?.is_new && this.data.boxes.some((box) => box.box === name && box.row?.is_new === false);
      if (isOver || isStored) this.write(name, null);
    }
  }

  copies() {
    const names = [];
    for (let place = 0; place < localStorage.length; place += 1) {
      const name = localStorage.key(place);
      if (name.startsWith(this.data.copies)) names.push(name.slice(this.data.copies.length));
    }
    return names;
  }

  // Typing

  typed(event) {
    if (this.isQuiet || !event.target.matches?.("textarea, input")) return;
    this.own.set(event.target, event.target.value);
    const box = this.data && this.boxOf(event.target);
    if (!box || this.element(box) !== event.target) {
      this.unknown.add(event.target);
      return;
    }
    this.isBack = false;
    if (this.elements.get(box.box) !== event.target) this.setAside(box);
    this.elements.set(box.box, event.target);
    this.keep(box, event.target.value);
    this.remember();
    this.pause(box);
    this.show();
  }

  // The browser lets go of a box that Streamlit disables, and Streamlit disables all while there is no connection.
  remember() {
    const element = document.activeElement;
    if (this.data && element?.matches("textarea, input") && this.boxOf(element)) {
      this.caret = { element, from: element.selectionStart, to: element.selectionEnd };
    }
  }

  enable(changes) {
    for (const { target } of changes) {
      if (!target.disabled || !this.data || !target.matches("textarea, input") || !this.boxOf(target)) continue;
      target.disabled = false;
      if (this.caret?.element !== target) continue;
      target.focus({ preventScroll: true });
      target.setSelectionRange(this.caret.from, this.caret.to);
    }
  }

  left(event) {
    const box = this.data && event.target.matches?.("textarea, input") ? this.boxOf(event.target) : null;
    if (!box) return;
    if (!event.target.disabled) this.caret = null;
    if (this.isDirty(box, event.target)) this.keep(box, event.target.value, true); // Streamlit sends it
    setTimeout(() => this.data && this.bringNews(), LOOK_AGAIN_MS);
  }

  pause(box, milliseconds = this.data.idle_seconds * 1000) {
    if (box.is_kept && milliseconds) return;
    clearTimeout(this.timers.get(box.box));
    this.timers.set(box.box, setTimeout(() => this.commit(box.box), milliseconds));
  }

  commit(name, asksWithin = ANSWERED_WITHIN_MS) {
    this.timers.delete(name);
    const box = this.data.boxes.find((each) => each.box === name);
    const element = box && this.element(box);
    if (!element || box.in_form || !this.isDirty(box, element)) return;
    if (this.isComposing || element.disabled || !this.isConnected()) this.pause(box);
    else {
      this.keep(box, element.value, true);
      this.press(element);
      this.timers.set(name, setTimeout(() => this.again(name, asksWithin), asksWithin));
    }
  }

  // What was sent while the connection was being lost reached nobody, Streamlit does not send the same text twice, and
  // a busy database may have refused it: any message brings all boxes along, and the server tries once more.
  again(name, asksWithin) {
    this.timers.delete(name);
    const box = this.data.boxes.find((each) => each.box === name);
    const element = box && !box.is_kept && this.element(box);
    if (!element || !this.isDirty(box, element)) return;
    if (this.data.asks && plain(element.value) === plain(box.typed)) return; // an overlap waits for a person
    this.commit(name, Math.min(2 * asksWithin, ASKED_AT_LEAST_EVERY_MS));
    if (this.isConnected()) this.setTriggerValue("again", true);
  }

  commitAll() {
    for (const box of this.dirtyBoxes()) this.commit(box.box);
  }

  press(element) {
    element.dispatchEvent(new KeyboardEvent("keydown", {
      key: "Enter", code: "Enter", keyCode: 13, ctrlKey: element.matches("textarea"), bubbles: true, cancelable: true,
    }));
  }

  put(element, text, isTyped = true) {
    this.isQuiet = !isTyped;
    const kind = element.matches("textarea") ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(element, text);
    element.dispatchEvent(new Event("input", { bubbles: true }));
    this.isQuiet = false;
  }

  // What the server says

  learn(data) {
    if (!this.data) {
      window.pmTypedHere ??= new Set();
      this.isFresh = !window.pmTypedHere.has(data.copies);
      window.pmTypedHere.add(data.copies);
    }
    this.data = { ...data, boxes: data.boxes.map(whole) };
    this.sessions.add(data.session);
    if (this.session !== data.session) { // the first, or the server was started again: rows without a name have others
      this.session = data.session;
      this.areCopiesMet = false;
      const here = new Set(data.rounds ? [] : data.boxes.map((box) => box.box));
      for (const name of [...this.elements.keys()]) if (!here.has(name)) this.elements.delete(name);
    }
    this.forgetDone();
    for (const box of this.data.boxes) {
      const element = this.element(box);
      if (!element || element !== this.elements.get(box.box)) continue;
      if (this.isOfThisTab(this.read(box.box), element)) this.keep(box, element.value);
      if (this.isDirty(box, element) && !this.timers.has(box.box)) this.pause(box);
    }
    this.until = Date.now() + BOXES_APPEAR_WITHIN_MS;
    this.meet();
    this.bringNews();
    this.goAround();
    this.show();
  }

  // A box that nobody types in follows what others wrote.
  bringNews() {
    for (const box of this.data.boxes) {
      const element = box.news === null ? null : this.element(box);
      if (!element || element === document.activeElement || element.disabled || this.isDirty(box, element)) continue;
      this.put(element, box.news, false);
      this.press(element);
    }
  }

  // The list of sections and the signatures are outside this piece; never while a mouse button is down, because what
  // is about to be clicked may move.
  goAround() {
    clearTimeout(this.going);
    if (!this.data.around || this.lookedAround === this.data.version) return;
    this.going = setTimeout(() => {
      if (this.isPressed || !this.isConnected()) this.goAround();
      else {
        this.lookedAround = this.data.version;
        this.setTriggerValue("around", this.data.version);
      }
    }, LOOK_AGAIN_MS);
  }

  // A box that came on the screen, or came back, says what the server takes it to say. Copies of an earlier page come
  // back into their boxes where nothing changed there since; else they are offered.
  meet() {
    clearTimeout(this.looking);
    if (!this.data || !this.isConnected()) return;
    const known = new Map(this.data.boxes.map((box) => [box.box, box]));
    let isLate = false;
    for (const box of this.data.boxes) {
      const element = this.element(box); // of a form that was closed it stays for a moment
      if (!element) isLate ||= box.is_open !== false && this.read(box.box) !== null && !this.elements.has(box.box);
      else if (box.is_open !== false && element !== this.elements.get(box.box)) this.meetBox(box, element);
    }
    if (isLate && Date.now() < this.until) this.looking = setTimeout(() => this.meet(), LOOK_AGAIN_MS);
    else if (!this.areCopiesMet) {
      this.areCopiesMet = true;
      this.isFresh = false;
      this.meetCopies(known);
    }
    this.show();
  }

  // After a restart Streamlit may draw a box anew in its old element: what is known, without a key being pressed. In
  // the moment after a button was pressed the box is ahead of what we know, so we look twice.
  lookForEmptied() {
    if (!this.data || !this.isConnected() || this.isRunning()) return;
    const before = this.emptied;
    this.emptied = new Set();
    for (const box of this.data.boxes) {
      const element = this.elements.get(box.box);
      if (!element || element !== this.element(box) || this.isDirty(box, element)) continue;
      const copy = this.read(box.box);
      if (copy?.session !== this.data.session || plain(copy.text) === box.known || !this.isOwn(copy, box.known)) continue;
      if (before.has(box.box)) this.elements.delete(box.box); // to be met again
      else this.emptied.add(box.box);
    }
  }

  meetBox(box, element) {
    this.elements.set(box.box, element);
    const copy = this.read(box.box);
    const [shows, isCopied] = [plain(element.value), copy !== null && plain(copy.text) === plain(element.value)];
    const isOfServer = isCopied || shows === plain(box.typed) || shows === plain(box.shown ?? box.typed);
    if (this.unknown.delete(element) || (this.isFresh && !isOfServer)) { // typed before anything listened
      this.setAside(box);
      this.keep(box, element.value);
      this.pause(box);
      return;
    }
    const isOverwritten = copy !== null && shows !== box.known && this.own.get(element) === element.value;
    if (isCopied || isOverwritten) { // it is back, and what we know of the server may be older; another tab has its own
      this.keep(box, element.value);
      this.pause(box);
      return;
    }
    if (shows !== plain(box.typed)) this.put(element, box.typed, false);
    if (!copy) {
      if (box.is_kept) this.keep(box, element.value); // it begins with what another form left over
      return;
    }
    const text = plain(copy.text);
    if (text === box.known || box.said?.includes(text.trim())) this.write(box.box, null);
    else if (text === plain(box.typed)) {
      this.keep(box, element.value); // of this session from now on
      this.pause(box);
    }
    else if (this.isOwn(copy, box.known)) {
      this.put(element, copy.text);
      element.closest("details:not([open])")?.querySelector("summary").click();
      this.pause(box, 0);
      this.isBack = true;
    } else this.offer(box.box, copy);
  }

  // Copies without a box on the screen: in a row that was never saved, or that is closed.
  meetCopies(known) {
    const gone = [];
    for (const name of this.copies()) {
      const copy = this.read(name);
      const box = known.get(name);
      if (!copy) this.write(name, null);
      else if (name.startsWith(COPY_OF_ANOTHER_TEXT)) this.offers.set(name, copy);
      else if (this.elements.has(name)) continue;
      else if (this.data.reopens === false || (this.data.reopens === "listed" && !box)) continue;
      else if (copy.row?.is_new && box && !box.row.is_new) this.write(name, null); // it was saved; only the answer never came
      else if (plain(copy.text) === (box?.known ?? "")) this.write(name, null);
      else if (this.isOwn(copy, box?.known ?? "")) gone.push({ box: name, ...copy });
      else this.offer(name, copy);
    }
    if (!gone.length) return;
    this.isBack = true;
    this.askBack(gone, ANSWERED_WITHIN_MS);
  }

  // A message that is sent while a connection begins may be lost, so what is not on the screen is asked for again.
  askBack(gone, waits) {
    this.asked = { gone, waits, until: Date.now() + waits };
    this.setTriggerValue("back", gone);
  }

  askAgain() {
    if (!this.asked || Date.now() < this.asked.until || !this.isConnected()) return;
    const { gone, waits } = this.asked;
    const here = new Set(this.data.boxes.filter((box) => this.element(box)).map((box) => box.box));
    const rest = gone.filter(({ box }) => this.read(box) !== null && !here.has(box));
    this.asked = null;
    if (rest.length && 2 * waits < ASKED_AT_LEAST_EVERY_MS) this.askBack(rest, 2 * waits);
  }

  isOwn(copy, known) {
    return copy.base === known || (copy.sent ?? []).includes(known);
  }

  // Else it is what somebody types into the same box in another tab, and all that is left of it if that is lost.
  isOfThisTab(copy, element) {
    if (!copy) return false;
    return this.sessions.has(copy.session) || [plain(copy.text), this.own.get(element)].includes(plain(element.value));
  }

  // Somebody types into a box before its copy was looked at.
  setAside(box) {
    const copy = this.read(box.box);
    const isGoneOn = copy && plain(this.element(box)?.value ?? "").includes(plain(copy.text));
    if (copy && !isGoneOn && ![box.known, plain(box.typed)].includes(plain(copy.text))) this.offer(box.box, copy);
  }

  offer(name, copy) {
    const offered = this.besides(name, copy);
    this.write(name, null);
    this.offers.set(offered, copy);
  }

  besides(name, copy) {
    let offered = COPY_OF_ANOTHER_TEXT + name;
    while ((this.read(offered)?.text ?? copy.text) !== copy.text) offered = COPY_OF_ANOTHER_TEXT + offered;
    this.write(offered, copy);
    return offered;
  }

  // Where two tabs have the same box, the copy is of the one that was typed into last. The other text is in its box; the
  // page that follows offers it.
  leave() {
    for (const box of this.dirtyBoxes()) {
      const [copy, text] = [this.read(box.box), this.element(box).value];
      if (!copy || copy.session === this.data.session || plain(copy.text) === plain(text)) continue;
      this.besides(box.box, { ...copy, text, base: box.known, sent: [], session: this.data.session });
    }
  }

  // The text is in its box at once, so that whoever goes on typing types into it. What was typed there while it was
  // offered is saved first, or offered in its turn where a button saves.
  decide(name, copy, isWanted, isFirst = true) {
    if (!this.every || this.offers.get(name) !== copy) return; // ended, or decided already
    const boxName = name.slice(name.lastIndexOf(COPY_OF_ANOTHER_TEXT) + 1);
    const box = this.data.boxes.find((each) => each.box === boxName);
    const element = box && this.element(box);
    const isTyped = element && this.isDirty(box, element);
    if (isWanted && (!this.isConnected() || (isTyped && !box.is_kept))) {
      if (isTyped && isFirst) this.pause(box, 0);
      setTimeout(() => this.decide(name, copy, isWanted, false), LOOK_AGAIN_MS);
      return;
    }
    this.offers.delete(name);
    this.write(name, null);
    if (isWanted) {
      if (isTyped) this.offer(boxName, this.read(boxName) ?? { ...copy, text: element.value });
      this.write(boxName, { ...copy, session: this.data.session, round: this.round(boxName) });
      if (element) this.put(element, copy.text, false);
      this.setTriggerValue("back", [{ box: boxName, ...copy }]);
    }
    this.show();
  }

  // What is said

  isConnected() {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.getAttribute("data-test-connection-state") === "CONNECTED";
  }

  isRunning() {
    const state = document.querySelector('[data-testid="stApp"]')?.getAttribute("data-test-script-state");
    return Boolean(state) && state !== "notRunning";
  }

  warn(event) {
    if (!this.dirtyBoxes().length) return;
    event.preventDefault();
    event.returnValue = "";
  }

  show() {
    if (!this.data) return;
    const { words, saved_at: savedAt } = this.data;
    const isDirty = this.dirtyBoxes().length > 0;
    const said = isDirty ? words.waiting : savedAt && words.saved.replace("{time}", this.time(savedAt));
    const told = isDirty && !this.isConnected() ? words.offline : this.isBack ? words.back : "";
    this.say(".said", said || "");
    this.say(".told", told);
    this.root.querySelector(".said").classList.toggle("is-waiting", isDirty);
    this.showOffers();
  }

  time(at) {
    const how = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
    return new Intl.DateTimeFormat(this.data.language, how).format(new Date(at));
  }

  say(where, words) {
    const place = this.root.querySelector(where);
    if (place.textContent !== words) place.textContent = words;
  }

  showOffers() {
    const offers = JSON.stringify([...this.offers]);
    if (offers === this.shownOffers) return;
    this.shownOffers = offers;
    this.root.querySelector(".offers").replaceChildren(...[...this.offers].map(([name, copy]) => {
      const offer = document.createElement("div");
      const said = document.createElement("p");
      said.textContent = this.data.words.offer;
      const text = document.createElement("blockquote");
      text.textContent = copy.text;
      const buttons = [[this.data.words.put, true], [this.data.words.drop, false]].map(([label, isWanted]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.addEventListener("click", () => this.decide(name, copy, isWanted));
        return button;
      });
      offer.append(said, text, ...buttons);
      return offer;
    }));
  }
}

export default function watch(component) {
  const root = component.parentElement;
  root.pmWatch ??= new Watch(root);
  const turn = root.pmWatch.begin(component);
  return () => root.pmWatch.end(turn);
}
