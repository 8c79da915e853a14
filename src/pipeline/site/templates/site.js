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
      var front = document.getElementById("hero") && !location.hash && !document.referrer;
      if (front && localStorage.getItem("wenshu-lang") === link.getAttribute("data-lang")) location.replace(link.href);
    } catch (e) { /* nothing was kept */ }
  });

  // A script of data, fetched when it is wanted: the same address before and after a release.
  var wanted = {};
  function fetched(path, name, then) {
    if (window[name]) return then(window[name]);
    (wanted[path] = wanted[path] || []).push(then);
    if (wanted[path].length > 1) return;
    var script = document.createElement("script");
    script.src = path;
    script.onload = function () { wanted[path].splice(0).forEach(function (act) { act(window[name]); }); };
    document.head.appendChild(script);
  }

  // What is asked, as its words: a region's name chooses its figures, the rest is looked for.
  function asked(text, data) {
    var rest = text.toLowerCase().normalize("NFKC").trim(), places = [];
    data.regions.map(function (region) {
      var named = region[2].filter(function (word) { return rest.indexOf(word.toLowerCase()) >= 0; })[0];
      return named ? { region: region, word: named.toLowerCase() } : null;
    }).filter(Boolean).sort(function (a, b) { return b.word.length - a.word.length; }).forEach(function (found) {
      if (rest.indexOf(found.word) < 0) return;
      places.push(found.region);
      rest = rest.split(found.word).join(" ");
    });
    return { words: rest.split(/[\s，。、；]+/).filter(Boolean), places: places };
  }
  function pairs(word) {
    var found = [];
    if (/^[\x00-\x7f]*$/.test(word)) return [word];
    for (var at = 0; at + 1 < word.length; at++) found.push(word.slice(at, at + 2));
    return found.length ? found : [word];
  }
  // How well an entry answers: whole words in its title, then among all its words, then their pairs of characters.
  function weight(entry, words) {
    var title = entry[1].toLowerCase(), sum = 0, exact = true;
    words.forEach(function (word) {
      var inside = pairs(word);
      var hits = inside.filter(function (pair) { return entry[2].indexOf(pair) >= 0; });
      var first = inside.filter(function (pair) { return title.indexOf(pair) >= 0; });
      if (title.indexOf(word) >= 0) sum += 40 - Math.min(title.length - word.length, 20);
      else if (entry[2].indexOf(word) >= 0) sum += 12;
      else exact = false;
      sum += 10 * hits.length / inside.length + 6 * first.length / inside.length;
    });
    return { sum: words.length ? sum / words.length : 1, exact: exact };
  }
  // The entries that answer, the best first; where none does, those that are near.
  function search(text, data) {
    var ask = asked(text, data), codes = ask.places.map(function (region) { return region[0]; });
    function ofPlaces(entry) { return entry[3].filter(function (figure) { return codes.indexOf(figure[0]) >= 0; }); }
    var all = data.entries.map(function (entry, at) {
      var own = codes.length ? ofPlaces(entry) : entry[3], found = weight(entry, ask.words);
      var rest = /^statistics/.test(entry[0]) ? 10 : 0; // behind what indicators say
      return { entry: entry, figures: own, sum: found.sum + (own.length ? 2 : 0) - rest, exact: found.exact, at: at };
    }).filter(function (hit) { return !codes.length || hit.figures.length || (ask.words.length && hit.exact); });
    all.sort(function (a, b) { return b.sum - a.sum || a.at - b.at; });
    var hits = all.filter(function (hit) { return hit.exact; });
    var close = all.filter(function (hit) { return !hit.exact && hit.sum >= 7; });
    if (hits.length) close = close.filter(function (hit) { return hit.sum >= 11; });
    return { places: ask.places, hits: ask.words.length || codes.length ? hits.concat(close) : [], exact: hits.length > 0 || !ask.words.length };
  }
  function nearest(text, data) {
    var letters = text.replace(/\s/g, "").split("");
    return data.entries.map(function (entry) {
      return { entry: entry, figures: entry[3], sum: letters.filter(function (c) { return entry[1].indexOf(c) >= 0; }).length };
    }).filter(function (hit) { return hit.sum; }).sort(function (a, b) { return b.sum - a.sum; }).slice(0, 5);
  }
  function regionName(data, code) {
    var found = data.regions.filter(function (region) { return region[0] === code; })[0];
    return found ? found[1] : "";
  }
  // Where an entry is; an indicator's page opens on the region that was asked for.
  function address(hit, found) {
    var chosen = found.places.length && hit.figures[0] && /^indicators/.test(hit.entry[0]);
    return base + hit.entry[0] + (chosen ? "?r=" + hit.figures[0][0] : "");
  }
  var english = document.documentElement.lang === "en";
  function fetchIndex(then) { fetched(base + "search.js", "wenshuSearch", then); }

  // Below a field, as one types: what is found, with its latest figure and where that is.
  each("[data-search]", function (field) {
    var list = field.form.querySelector(".found");
    function line(href, title, now, where) {
      var link = list.appendChild(document.createElement("li")).appendChild(make("a", "", { href: href }));
      link.appendChild(make("b", title));
      link.appendChild(make("span", now, { "class": "now" }));
      if (where[0] || where[1]) {
        link.appendChild(make("span", where[0], { "class": "soft" }));
        link.appendChild(make("span", where[1], { "class": "soft now" }));
      }
    }
    function show() {
      fetchIndex(function (data) {
        var text = field.value.trim();
        list.textContent = "";
        list.hidden = !text;
        if (!text) return;
        var found = search(text, data), hits = found.hits;
        found.places.slice(0, 2).forEach(function (region) {
          line(base + "regions/" + region[0] + ".html", region[1], region[3] + (english ? " figures" : " 个数"), ["", ""]);
        });
        if (!hits.length && !found.places.length || !found.exact) {
          list.appendChild(make("li", (english ? "No match for “" + text + "”; near it:" : "没有“" + text + "”，相近的有："), { "class": "soft" }));
          if (!hits.length) hits = nearest(text, data);
        }
        hits.slice(0, 8 - Math.min(found.places.length, 2)).forEach(function (hit) {
          var figure = hit.figures[0];
          line(address(hit, found), hit.entry[1], figure ? figure[1] : "", [hit.entry[4], figure ? regionName(data, figure[0]) + " " + figure[2] : ""]);
        });
      });
    }
    field.addEventListener("input", show);
    field.addEventListener("focus", function () { if (field.value) show(); else fetchIndex(function () {}); });
    field.form.addEventListener("keydown", function (event) {
      var links = Array.prototype.slice.call(list.querySelectorAll("a"));
      var at = links.indexOf(document.activeElement);
      if (event.key === "Escape") { list.hidden = true; field.focus(); }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp" || list.hidden) return;
      event.preventDefault();
      (links[at + (event.key === "ArrowDown" ? 1 : -1)] || field).focus();
    });
    document.addEventListener("click", function (event) { if (!field.form.contains(event.target)) list.hidden = true; });
  });

  // The page of results.
  each("[data-results]", function (field) {
    var list = document.querySelector(".results"), status = document.querySelector("[role=status]");
    function show() {
      fetchIndex(function (data) {
        var text = field.value.trim(), found = search(text, data), hits = found.hits, near = false;
        list.textContent = "";
        if (!text) { status.textContent = ""; return; }
        if (!hits.length && !found.places.length) { hits = nearest(text, data); near = true; }
        if (near || !found.exact) status.textContent = english ? "Nothing is called “" + text + "”. Near it:" : "没有叫“" + text + "”的，相近的有：";
        else status.textContent = english ? hits.length + found.places.length + " found" : "找到 " + (hits.length + found.places.length) + " 项";
        found.places.forEach(function (region) {
          var item = list.appendChild(document.createElement("li"));
          item.appendChild(document.createElement("h2")).appendChild(make("a", region[1], { href: base + "regions/" + region[0] + ".html" }));
          item.appendChild(make("span", english ? "region, " + region[3] + " figures" : "地区，" + region[3] + " 个数", { "class": "soft" }));
        });
        hits.slice(0, 60).forEach(function (hit) {
          var item = list.appendChild(document.createElement("li"));
          item.appendChild(document.createElement("h2")).appendChild(make("a", hit.entry[1], { href: address(hit, found) }));
          item.appendChild(make("span", hit.entry[4], { "class": "soft" }));
          var figures = item.appendChild(document.createElement("ul"));
          hit.figures.slice(0, 4).forEach(function (figure) {
            var one = figures.appendChild(document.createElement("li"));
            one.appendChild(make("span", regionName(data, figure[0]) + " " + figure[2] + " ", { "class": "soft" }));
            one.appendChild(make("a", figure[1], { href: base + figure[3] }));
          });
        });
      });
    }
    field.value = new URLSearchParams(location.search).get("q") || "";
    field.form.addEventListener("submit", function (event) {
      event.preventDefault();
      history.replaceState(null, "", "?q=" + encodeURIComponent(field.value));
      show();
    });
    field.addEventListener("input", show);
    show();
  });

  // Regions to compare: chips choose them, and the address remembers which.
  each("[data-compare]", function (section) {
    var chips = section.querySelector(".chips");
    if (!chips) return;
    chips.hidden = false;
    Array.prototype.forEach.call(section.querySelectorAll(".strands"), function (list) { list.hidden = true; });
    var boxes = Array.prototype.slice.call(chips.querySelectorAll("input"));
    var asked = new URLSearchParams(location.search).get("r");
    var first = asked ? asked.split(",") : [];
    if (boxes.some(function (box) { return first.indexOf(box.value) >= 0; })) {
      if (first.length > 1) boxes.forEach(function (box) { box.checked = first.indexOf(box.value) >= 0; });
      else boxes.forEach(function (box) { box.checked = box.checked || box.value === first[0]; });
    }
    function draw() {
      var chosen = boxes.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
      Array.prototype.forEach.call(section.querySelectorAll("[data-key]"), function (part) {
        part.classList.toggle("off", chosen.indexOf(part.getAttribute("data-key")) < 0);
      });
      return chosen;
    }
    chips.addEventListener("change", function () { history.replaceState(null, "", "?r=" + draw().join(",") + location.hash); });
    draw();
  });

  function has(text, wanted) { return wanted.every(function (word) { return text.indexOf(word) >= 0; }); }
  function words(text) { return text.toLowerCase().split(/\s+/).filter(Boolean); }

  // Indicators page: the list itself, narrowed.
  each("[data-filter]", function (field) {
    var status = document.querySelector("[data-count]"), rows = document.querySelectorAll("[data-find]");
    function narrow() {
      var wanted = words(field.value), shown = {};
      Array.prototype.forEach.call(rows, function (row) {
        row.hidden = !has(row.getAttribute("data-find").toLowerCase(), wanted);
        if (!row.hidden) shown[row.textContent] = true;
      });
      each(".group", function (group) { group.hidden = !group.querySelector("[data-find]:not([hidden])"); });
      status.textContent = wanted.length ? Object.keys(shown).length + " " + status.getAttribute("data-count") : "";
    }
    field.value = new URLSearchParams(location.search).get("q") || field.value;
    field.form.addEventListener("submit", function (event) { event.preventDefault(); });
    field.addEventListener("input", narrow);
    narrow();
  });

  // A button that copies what its place says.
  function copier(place, said) {
    if (!navigator.clipboard) return;
    var button = place.appendChild(make("button", english ? "Copy" : "复制", { type: "button" }));
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(said()).then(function () {
        button.textContent = english ? "Copied" : "已复制";
        setTimeout(function () { button.textContent = english ? "Copy" : "复制"; }, 1500);
      });
    });
  }

  // Lines to copy: a button, and addresses that hold wherever the lines are run.
  var served = /^https?:$/.test(location.protocol), names = {};
  each(".files a.get", function (link) { names[link.textContent] = link.href; });
  each(".code", function (block) {
    var code = block.querySelector("code");
    if (served) Object.keys(names).forEach(function (name) {
      ["\"", "'"].forEach(function (quote) { code.textContent = code.textContent.split(quote + name + quote).join(quote + names[name] + quote); });
    });
    copier(block, function () { return code.textContent; });
  });

  // How to cite: the day, the address where this is read, and of a page older than its release that release.
  function bib(text) {
    return text.replace(/[\\{}%&#$_~^]/g, function (c) { return { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" }[c] || "\\" + c; });
  }
  function fill(block, values) {
    Array.prototype.forEach.call(block.querySelectorAll("[data-fill]"), function (part) {
      var value = values[part.getAttribute("data-fill")];
      if (value) part.textContent = value;
    });
  }
  function copyable(block) {
    Array.prototype.forEach.call(block.querySelectorAll("dd"), function (said) {
      var text = said.innerText;
      copier(said, function () { return text; });
    });
  }
  each("[data-cites]", function (block) {
    var now = new Date(), two = function (n) { return (n < 10 ? "0" : "") + n; };
    var canonical = document.querySelector("link[rel=canonical]");
    var here = canonical ? canonical.href : location.href.replace(/[?#].*$/, "");
    var values = { today: now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate()), url: here };
    var bare = block.cloneNode(true);
    fill(block, values);
    function ready() { copyable(block); offer(bare, values, here); }
    if (!block.querySelector("[data-fill=version]")) return ready();
    fetched(root + "release.js", "wenshuRelease", function (release) {
      values.version = release.version;
      values.date = release.date;
      values.year = release.date.slice(0, 4);
      fill(block, values);
      ready();
    });
  });
  // A figure is cited by its own address.
  function offer(bare, values, here) {
    var dialog = document.querySelector("dialog.citation");
    if (!dialog || !dialog.showModal) return;
    dialog.querySelector("[data-shut]").addEventListener("click", function () { dialog.close(); });
    each(".citing", function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        var old = dialog.querySelector("dl"), block = bare.cloneNode(true), title = button.getAttribute("data-title");
        if (old) old.remove();
        var own = { title: title, bibtitle: bib(title), url: here + "#" + button.getAttribute("data-id") };
        dialog.appendChild(block);
        fill(block, Object.assign({}, values, own));
        dialog.showModal();
        copyable(block);
      });
    });
  }
})();
