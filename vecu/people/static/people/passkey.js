// Says in the page what went wrong with a passkey; allauth's scripts only tell the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const box = document.getElementById("passkey-error");
  if (box) box.hidden = false;
});
