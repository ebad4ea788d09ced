// An accepted card: the shop's page may take the token without another press of a button.
"use strict";
{
  const form = document.getElementById("accepted");
  if (form && window.parent !== window) {
    window.parent.postMessage({ token: form.elements.token.value }, form.dataset.shop);
  }
}
