// Every page works without this file. With it, a double click sends a form once, the
// characters left are counted, and an error summary takes the focus when a page opens.
import {
  Button, CharacterCount, ErrorSummary, SkipLink, createAll,
} from "../build/govuk-frontend.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

createAll(Button, { preventDoubleClick: true });
createAll(CharacterCount);
createAll(ErrorSummary);
createAll(SkipLink);
