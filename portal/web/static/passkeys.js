// Passkeys: the browser's own dialogue, behind buttons that are shown only where there is one.

const decoded = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const encoded = (data) => btoa(String.fromCharCode(...new Uint8Array(data)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const token = () => document.cookie.match(/(?:^|; )csrf_token=([^;]*)/)?.[1] ?? "";

const send = async (path, body) => {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": token() };
  const answer = await fetch(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.errors?.[0]?.message ?? told.detail);
  return told;
};

// What a device made or answered, as the portal reads it.
const said = (made, names) => JSON.stringify({
  id: made.id,
  rawId: encoded(made.rawId),
  type: made.type,
  response: Object.fromEntries(names.filter((name) => made.response[name]).map((name) => [name, encoded(made.response[name])])),
  clientExtensionResults: {},
});

const make = async (form) => {
  const password = form.elements.passkey_password?.value;
  const wanted = JSON.parse((await send("/me/passkeys/options", password ? { password } : {})).options);
  wanted.challenge = decoded(wanted.challenge);
  wanted.user.id = decoded(wanted.user.id);
  wanted.excludeCredentials = (wanted.excludeCredentials ?? []).map((each) => ({ ...each, id: decoded(each.id) }));
  const made = await navigator.credentials.create({ publicKey: wanted });
  const kept = await send("/me/passkeys", {
    name: form.elements.name.value,
    credential: said(made, ["clientDataJSON", "attestationObject"]),
  });
  if (!kept.recovery_codes.length) return location.assign(form.dataset.next);
  const codes = document.querySelector("[data-codes]");
  codes.querySelector("ul").replaceChildren(...kept.recovery_codes.map((code) => {
    const entry = document.createElement("li");
    entry.append(Object.assign(document.createElement("code"), { textContent: code }));
    return entry;
  }));
  form.hidden = true;
  codes.hidden = false;
  codes.focus();
};

const use = async (form) => {
  const wanted = JSON.parse((await send("/passkeys/options", {})).options);
  wanted.challenge = decoded(wanted.challenge);
  const made = await navigator.credentials.get({ publicKey: wanted });
  const names = ["clientDataJSON", "authenticatorData", "signature", "userHandle"];
  await send(form.dataset.passkey, { credential: said(made, names) });
  location.assign(form.dataset.next);
};

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[data-problem]");
    problem.hidden = true;
    try {
      await (form.dataset.passkey === "new" ? make : use)(form);
    } catch (error) {
      if (error.name === "NotAllowedError") return; // closed by the person
      problem.querySelector("p").textContent = error.message;
      problem.hidden = false;
    }
  });
}
