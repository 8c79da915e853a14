// Makes the pages quicker to use; each of them reads and works as well without it.
(function () {
  "use strict";
  var base = document.body.getAttribute("data-base"), root = document.body.getAttribute("data-root");
  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }
  function make(name, text, attributes) {
    var element = document.createElement(name);
    element.textContent = text;
    Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    return element;
  }

  // The language that a reader chose holds when they come back to the front door.
  each(".switch", function (link) {
    link.addEventListener("click", function () {
      try { localStorage.setItem("wenshu-lang", link.getAttribute("data-lang")); } catch (e) { /* then it is not kept */ }
      link.hash = location.hash;
      link.search = location.search;
    });
    try {
      var front = document.getElementById("search") && !location.hash && !document.referrer;
      if (front && localStorage.getItem("wenshu-lang") === link.getAttribute("data-lang")) location.replace(link.href);
    } catch (e) { /* nothing was kept */ }
  });

  function words(text) { return text.toLowerCase().split(/\s+/).filter(Boolean); }
  function has(text, wanted) { return wanted.every(function (word) { return text.indexOf(word) >= 0; }); }

  // Front page: indicators as they are found, below the field.
  each("[data-search]", function (field) {
    var known = JSON.parse(document.getElementById("search").textContent);
    var list = document.getElementById(field.getAttribute("data-search"));
    function rank(entry, wanted) { return has((entry[0] + " " + entry[1]).toLowerCase(), wanted) ? 0 : 1; }
    field.addEventListener("input", function () {
      var wanted = words(field.value);
      list.textContent = "";
      list.hidden = !wanted.length;
      if (!wanted.length) return;
      var hits = known.filter(function (entry) { return has((entry[0] + " " + entry[1] + " " + entry[2]).toLowerCase(), wanted); });
      hits.sort(function (a, b) { return rank(a, wanted) - rank(b, wanted); });
      hits.slice(0, 8).forEach(function (entry) {
        var item = list.appendChild(document.createElement("li"));
        item.appendChild(make("a", entry[1], { href: base + "indicators/" + entry[0] + ".html" }))
          .appendChild(make("code", entry[0]));
      });
      if (!hits.length) list.appendChild(make("li", list.getAttribute("data-none")));
    });
  });

  // Indicators page: the list itself, narrowed.
  each("[data-filter]", function (field) {
    var status = document.querySelector("[data-count]"), rows = document.querySelectorAll("[data-find]");
    function narrow() {
      var wanted = words(field.value), shown = {};
      Array.prototype.forEach.call(rows, function (row) {
        row.hidden = !has(row.getAttribute("data-find").toLowerCase(), wanted);
        if (!row.hidden) shown[row.querySelector("a").getAttribute("href")] = true;
      });
      each(".group", function (group) { group.hidden = !group.querySelector("[data-find]:not([hidden])"); });
      status.textContent = wanted.length ? Object.keys(shown).length + " " + status.getAttribute("data-count") : "";
    }
    field.value = new URLSearchParams(location.search).get("q") || field.value;
    field.form.addEventListener("submit", function (event) { event.preventDefault(); });
    field.addEventListener("input", narrow);
    narrow();
  });

  // Lines to copy: a button, and addresses that hold wherever the lines are run.
  var served = /^https?:$/.test(location.protocol), names = {};
  each(".files a.get", function (link) { names[link.textContent] = link.href; });
  each(".code", function (block) {
    var code = block.querySelector("code");
    if (served) Object.keys(names).forEach(function (name) {
      ["\"", "'"].forEach(function (quote) { code.textContent = code.textContent.split(quote + name + quote).join(quote + names[name] + quote); });
    });
    if (!navigator.clipboard) return;
    var english = document.documentElement.lang === "en";
    var button = make("button", english ? "Copy" : "复制", { type: "button" });
    block.appendChild(button);
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(code.textContent).then(function () {
        button.textContent = english ? "Copied" : "已复制";
        setTimeout(function () { button.textContent = english ? "Copy" : "复制"; }, 1500);
      });
    });
  });
})();
