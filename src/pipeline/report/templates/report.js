(function () {
  "use strict";
  var root = document.documentElement, card = document.getElementById("card");
  function each(selector, of, act) { Array.prototype.forEach.call(of.querySelectorAll(selector), act); }

  // The language, kept from page to page where the browser lets a file keep anything.
  function speak(lang) {
    root.setAttribute("data-lang", lang);
    root.lang = lang === "en" ? "en" : "zh-CN";
    each("[data-switch]", document, function (button) {
      button.textContent = lang === "en" ? "中文" : "English";
      button.lang = lang === "en" ? "zh" : "en";
    });
    try { localStorage.setItem("wenshu-lang", lang); } catch (e) { /* then it is not kept */ }
  }
  try { if (localStorage.getItem("wenshu-lang") === "en") speak("en"); } catch (e) { /* as above */ }
  each("[data-switch]", document, function (button) {
    button.addEventListener("click", function () {
      speak(root.getAttribute("data-lang") === "en" ? "zh" : "en");
    });
  });

  // A link into a folded part unfolds it.
  function unfold() {
    var id = decodeURIComponent(location.hash.slice(1)), at = id && document.getElementById(id);
    if (!at) return;
    for (var up = at; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    at.scrollIntoView({ block: "center" });
    if (at.focus) at.focus({ preventScroll: true });
  }
  window.addEventListener("hashchange", unfold);
  unfold();

  // Tables: a click on a column's head sorts by it, a word in the field filters.
  function cell(row, n) {
    var text = row.cells[n].textContent.trim(), number = parseFloat(text.replace(/[,\s]/g, "").replace("−", "-"));
    return row.cells[n].className.indexOf("num") >= 0 ? (isNaN(number) ? -Infinity : number) : text;
  }
  each("table.sortable", document, function (table) {
    each("thead th", table, function (head, n) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var up = head.getAttribute("aria-sort") !== "ascending", body = table.tBodies[0];
        each("thead th", table, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        Array.prototype.slice.call(body.rows).sort(function (a, b) {
          var x = cell(a, n), y = cell(b, n);
          var order = typeof x === "number" ? x - y : x.localeCompare(y, "zh");
          return up ? order : -order;
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
    if (table.tBodies[0].rows.length < 8) return;
    var field = document.createElement("input");
    field.type = "search";
    field.className = "filter";
    field.placeholder = "筛选 filter";
    field.setAttribute("aria-label", "筛选表格 / filter the table");
    table.parentElement.parentElement.insertBefore(field, table.parentElement);
    field.addEventListener("input", function () {
      var word = field.value.trim().toLowerCase();
      Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
        row.hidden = word !== "" && row.textContent.toLowerCase().indexOf(word) < 0;
      });
    });
  });

  // Over a mark, a card with what its row in the table says.
  var shown = null;
  function show(mark) {
    var row = document.getElementById("r-" + mark.getAttribute("data-m"));
    if (!row) return;
    var heads = row.closest("table").tHead.rows[0].cells, list = document.createElement("dl");
    Array.prototype.forEach.call(row.cells, function (td, n) {
      if (!td.textContent.trim()) return;
      var term = document.createElement("dt"), said = document.createElement("dd");
      Array.prototype.forEach.call((heads[n].firstChild || heads[n]).childNodes, function (node) {
        term.appendChild(node.cloneNode(true));
      });
      Array.prototype.forEach.call(td.childNodes, function (node) { said.appendChild(node.cloneNode(true)); });
      each("a", said, function (a) { a.removeAttribute("href"); });
      list.appendChild(term);
      list.appendChild(said);
    });
    card.textContent = "";
    card.appendChild(list);
    card.hidden = false;
    shown = mark;
    mark.setAttribute("aria-describedby", "card");
    var at = mark.getClientRects()[0], wide = card.offsetWidth, high = card.offsetHeight;
    var left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - wide - 8));
    var below = at.bottom + 8 + high < window.innerHeight || at.top < high + 8;
    card.style.left = left + window.scrollX + "px";
    card.style.top = (below ? at.bottom + 8 : at.top - high - 8) + window.scrollY + "px";
  }
  function hide() {
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
    card.hidden = true;
  }
  function over(event) {
    var mark = event.target.closest && event.target.closest("a.m");
    if (mark && mark !== shown) { hide(); show(mark); } else if (!mark && document.activeElement !== shown) hide();
  }
  document.addEventListener("mouseover", over);
  document.addEventListener("focusin", over);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });
})();
