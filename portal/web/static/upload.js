// How much of an upload is sent. Without this file the browser shows it by itself.

const total = (form) => [...form.querySelectorAll("input[type=file]")]
  .flatMap((input) => [...input.files]).reduce((sum, file) => sum + file.size, 0);

// What is too large is told before any of it is sent.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  if (!form || event.target !== form) return;
  const tooLarge = total(form) > Number(form.dataset.upload);
  const note = form.querySelector("[data-too-large]");
  if (note) note.hidden = !tooLarge;
  if (tooLarge) event.preventDefault();
  else form.querySelector("[data-sent]")?.removeAttribute("hidden");
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const shown = event.target.closest?.("form[data-upload]")?.querySelector("[data-sent]");
  const { lengthComputable, loaded, total: all } = event.detail;
  if (!shown || !lengthComputable) return;
  shown.querySelector("progress").value = Math.round((loaded / all) * 100);
  const said = shown.querySelector("[data-looking]");
  if (loaded >= all) said.textContent = said.dataset.looking;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("form[data-upload]")) event.target.querySelector("[data-sent]")?.setAttribute("hidden", "");
});
