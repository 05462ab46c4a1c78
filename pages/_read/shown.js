// Says once that what the page holds has been on the screen for a moment.

const LONG_ENOUGH_MS = 1000;

class Shown {
  begin(component) {
    this.component = component;
    if (this.what === component.data.what) return;
    this.what = component.data.what;
    this.since = null;
    this.every ??= setInterval(() => this.look(), LONG_ENOUGH_MS / 4);
  }

  look() {
    if (document.hidden) this.since = null;
    else if (this.since === null) this.since = performance.now();
    else if (performance.now() - this.since >= LONG_ENOUGH_MS) {
      this.end();
      this.component.setTriggerValue("shown", this.what);
    }
  }

  end() {
    clearInterval(this.every);
    this.every = null;
  }
}

export default function watch(component) {
  const root = component.parentElement;
  root.pmShown ??= new Shown();
  root.pmShown.begin(component);
  return () => root.pmShown.end();
}
