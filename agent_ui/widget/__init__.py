"""The widget in the shops' pages: its files, its HTTP API and its live connection, under /widget/v1/.

The script tag, in any page of a site (docs/widget.md has the attributes, the JavaScript API and the CSP lines):

    <script src="https://desk.example/widget/v1/widget.js" data-site="KEY" async></script>

`data-site` is the site's key and the only attribute that must be there. Others: `data-language` (en, fr, pt;
else the page's `lang`), `data-customer` with `data-customer-proof` (who is signed in, and the shop's HMAC of it),
`data-step` (the checkout step that the page is), `data-position` (`end`, `start`), `data-theme` (`auto`,
`light`, `dark`).
"""
