// Files that go up in parts (tus 1.0), so that whoever is cut off goes on where the last kept byte is. Without this file
// the form sends them whole.
(() => {
  const PIECE = 5 * 1024 * 1024;
  const TRIES = 6;
  const API = "/api/v1/files";
  const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-evidence]");
    const files = form ? [...form.elements.file.files] : [];
    if (!files.length) return;
    event.preventDefault();
    send(form, files);
  });

  async function send(form, files) {
    const button = form.querySelector("button[type=submit]");
    const shown = form.querySelector("[data-sent]");
    const refused = form.querySelector("[data-refused]");
    const total = files.reduce((sum, file) => sum + file.size, 0);
    let before = 0;
    button.disabled = true;
    refused.hidden = true;
    shown.hidden = false;
    try {
      for (const file of files) {
        await sendOne(form, file, (sent, trouble) => {
          shown.querySelector("progress").value = Math.round(((before + sent) / total) * 100);
          shown.querySelector("[data-said]").textContent = trouble ? form.dataset.broken : file.name;
        });
        before += file.size;
      }
      window.location.hash = "files";
      window.location.reload();
    } catch (error) {
      refused.querySelector("span").textContent = error.message || form.dataset.failed;
      refused.hidden = false;
      shown.hidden = true;
      button.disabled = false;
    }
  }

  async function sendOne(form, file, tell) {
    const key = ["file", form.dataset.record, file.name, file.size, file.lastModified].join(" ");
    const headers = { "X-CSRF-Token": form.elements._csrf.value };
    let at = sessionStorage.getItem(key) ?? await announce(form, file, headers);
    sessionStorage.setItem(key, at);
    let offset = await arrived(at);
    if (offset === null) {
      at = await announce(form, file, headers);
      sessionStorage.setItem(key, at);
      offset = 0;
    }
    for (let tries = 0; offset < file.size;) {
      tell(offset, tries > 0);
      try {
        const answer = await fetch(at, {
          method: "PATCH",
          headers: { ...headers, "Content-Type": "application/offset+octet-stream", "Upload-Offset": offset },
          body: file.slice(offset, offset + PIECE),
        });
        if (!answer.ok && answer.status !== 409 && answer.status < 500) throw await refusal(answer, key);
        tries = answer.ok ? 0 : tries + 1;
      } catch (error) {
        if (error.final || tries >= TRIES) throw error.final ? error : new Error(form.dataset.failed);
        tries += 1;
        await pause(tries);
      }
      if (tries > TRIES) throw new Error(form.dataset.failed);
      offset = (await arrived(at).catch(() => offset)) ?? offset;
    }
    sessionStorage.removeItem(key);
  }

  async function announce(form, file, headers) {
    const { kind, record } = form.dataset;
    const body = { kind, record_id: record, name: file.name, size: file.size, internal: form.elements.who.value === "us" };
    if (form.elements.note.value.trim()) body.note = form.elements.note.value;
    const answer = await fetch(API, {
      method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) throw await refusal(answer);
    return answer.headers.get("Location");
  }

  // How much of it is there; null where it is not waited for any more.
  async function arrived(at) {
    const answer = await fetch(at, { method: "HEAD" });
    if (answer.ok) return Number(answer.headers.get("Upload-Offset"));
    if (answer.status < 500) return null;
    throw new Error();
  }

  async function refusal(answer, key) {
    if (key) sessionStorage.removeItem(key);
    const told = await answer.json().catch(() => ({}));
    const said = (told.errors ?? []).map((error) => error.message).join(" ") || told.detail || told.title;
    return Object.assign(new Error(said), { final: true });
  }
})();
