// After signing out: unsaved text that this browser kept for the person who left goes. See pages/_write/typing.js.
for (const [, person] of document.cookie.matchAll(/(?:^|; )pm-left=(\d+)/g)) {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(`pm-typed:${person}:`)) localStorage.removeItem(name);
  }
  document.cookie = "pm-left=; path=/login; max-age=0";
}
