// The points of a plot: each is a link; what it says is shown on the mouse, a touch, or the keyboard.
(function () {
  "use strict";
  var tip = document.createElement("div"), shown = null, touched = false;
  tip.className = "tip";
  tip.hidden = true;

  function show(point) {
    shown = point;
    if (!tip.parentNode) document.body.appendChild(tip);
    tip.textContent = point.getAttribute("aria-label");
    var href = point.getAttribute("href");
    if (touched && href) {
      var link = tip.appendChild(document.createElement("a"));
      link.href = href;
      link.textContent = document.documentElement.lang === "en" ? "See the sentence →" : "看原句 →";
    }
    tip.hidden = false;
    var at = point.getBoundingClientRect(), size = tip.getBoundingClientRect();
    var wide = document.documentElement.clientWidth, middle = at.left + at.width / 2;
    tip.style.left = Math.max(8, Math.min(middle - size.width / 2, wide - size.width - 8)) + window.scrollX + "px";
    var above = at.top - size.height - 8;
    tip.style.top = (above > 60 ? above : at.bottom + 8) + window.scrollY + "px";
  }
  function hide() { tip.hidden = true; shown = null; }
  function pointOf(event) { return event.target.closest ? event.target.closest("[data-plot] .pt") : null; }

  document.addEventListener("pointerdown", function (event) {
    touched = event.pointerType === "touch";
    if (!pointOf(event) && !tip.contains(event.target)) hide();
  });
  document.addEventListener("pointerover", function (event) {
    if (event.pointerType === "touch") return;
    var point = pointOf(event);
    if (point) show(point); else if (shown && shown !== document.activeElement) hide();
  });
  document.addEventListener("focusin", function (event) {
    var point = pointOf(event);
    if (point && !touched) show(point); else if (!point && !tip.contains(event.target)) hide();
  });
  document.addEventListener("click", function (event) {
    var point = pointOf(event);
    if (!point || !touched) return;
    if (shown !== point) event.preventDefault(); // the first touch tells, the second leads
    show(point);
  });

  // One stop of the tab key a plot; arrows go on from point to point.
  Array.prototype.forEach.call(document.querySelectorAll("[data-plot]"), function (plot) {
    var points = Array.prototype.slice.call(plot.querySelectorAll("a.pt"));
    points.forEach(function (point, number) { if (number) point.setAttribute("tabindex", "-1"); });
    plot.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (!step) return;
      var seen = points.filter(function (point) { return !point.closest(".off"); });
      var next = seen[seen.indexOf(pointOf(event)) + step];
      if (!next) return;
      event.preventDefault();
      points.forEach(function (point) { point.setAttribute("tabindex", point === next ? "0" : "-1"); });
      next.focus();
    });
  });
})();
