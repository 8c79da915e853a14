// A point of a plot leads where its row of the table does.
document.addEventListener("click", function (event) {
  "use strict";
  var point = event.target.closest && event.target.closest("[data-plot] [data-href]");
  if (point) location.href = point.getAttribute("data-href");
});
