(function () {
  "use strict";
  var $ = function (query, root) { return (root || document).querySelector(query); };
  var $$ = function (query, root) { return Array.prototype.slice.call((root || document).querySelectorAll(query)); };
  var zh = document.documentElement.lang.slice(0, 2) === "zh";
  var say = function (a, b) { return zh ? a : b; };
  var chosen = null, busy = false, timer = 0;

  function toast(text, bad) {
    var box = $("#toast");
    box.textContent = text;
    box.className = bad ? "bad" : "";
    clearTimeout(timer);
    timer = setTimeout(function () { box.textContent = ""; }, bad ? 8000 : 4000);
  }

  function send(address, form) {
    return fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(form), credentials: "same-origin"
    }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (data) {
        if (answer.ok) return data;
        throw new Error(data.error || answer.status + "");
      });
    });
  }
  function failed(error) { toast(error.message, true); }
  /* Said on the page that is loaded next. */
  function leave(text, address) {
    sessionStorage.setItem("notice", text);
    if (address && address !== location.pathname) location.href = address; else location.reload();
  }
  var kept = say("已记下", "saved"), next_run = say("，下次运行生效", "; the next run applies it");

  /* Who decides: asked once. */
  function who() {
    var button = $("[data-officer]"), dialog = $("#who");
    if (button.dataset.officer) return Promise.resolve(button.dataset.officer);
    return new Promise(function (done, not) {
      dialog.returnValue = "";
      dialog.showModal();
      dialog.addEventListener("close", function () {
        var name = $("input", dialog).value.trim();
        if (!dialog.returnValue || !name) return not(new Error(say("要先写下谁在决定", "say first who decides")));
        send("/api/officer", { name: name }).then(function (data) {
          button.dataset.officer = button.textContent = data.officer;
          done(data.officer);
        }, not);
      }, { once: true });
    });
  }

  /* The queue. */
  function card() { return $("[data-card]"); }
  function panel() { return chosen && $('[data-figure="' + CSS.escape(chosen) + '"]'); }

  function choose(id, quietly) {
    chosen = id;
    $$("[data-choose]").forEach(function (one) {
      var on = one.dataset.choose === id;
      if (one.hasAttribute("aria-pressed")) one.setAttribute("aria-pressed", on);
      else one.classList.toggle("chosen", on);
    });
    $$("[data-figure]").forEach(function (one) { one.hidden = one.dataset.figure !== id; });
    var mark = $(".article [data-choose='" + CSS.escape(id) + "']");
    if (mark) mark.scrollIntoView({ block: "center", behavior: quietly ? "instant" : "smooth" });
  }

  function opened() {
    chosen = null;
    $(".filters .n").textContent = $("[data-count]").textContent;
    var figures = $$(".figure"), first = figures[0] && $(".article [data-choose='" + figures[0].dataset.choose + "']");
    if (first) first.scrollIntoView({ block: "center", behavior: "instant" });
    if (figures.length === 1) choose(figures[0].dataset.choose, true);
    var reason = $("[name=reason]"), offered = $("[data-reason]");
    if (reason && !reason.value) reason.value = offered ? offered.dataset.reason : reason.dataset.default;
    if (reason) reason.dataset.given = reason.value;
  }

  function visit(id, then) {
    var root = $("#desk"), query = root.dataset.query;
    return fetch("/queue/" + encodeURIComponent(id || "first") + "?" + query, { credentials: "same-origin" }).then(function (answer) {
      if (answer.status === 404 && id !== "first") return visit("first", then);
      return answer.text().then(function (html) {
        if (!answer.ok) throw new Error(new DOMParser().parseFromString(html, "text/html").body.textContent.trim());
        root.innerHTML = html;
        history.replaceState(null, "", "/queue?" + query + (card() ? "&card=" + encodeURIComponent(card().dataset.card) : ""));
        opened();
        if (then) then();
      });
    }).catch(failed);
  }

  function reasonFor(action) {
    var reason = $("[name=reason]"), own = $('[data-for="' + action + '"]');
    return reason.value.trim() && reason.value !== reason.dataset.given ? reason.value : own ? own.dataset.reason : reason.value || reason.dataset.default;
  }

  function stack() { try { return JSON.parse(sessionStorage.getItem("undo")) || []; } catch (e) { return []; } }
  function keepStack(all) { sessionStorage.setItem("undo", JSON.stringify(all.slice(-200))); }
  function remember(ids, where) { if (ids.length) keepStack(stack().concat([{ ids: ids, card: where }])); }

  function decide(action) {
    var here = card();
    if (!here || busy) return;
    var button = $('[data-act="' + action + '"]');
    if (!button || button.disabled) return toast(say("这里没有这一项", "that cannot be done here"), true);
    var data = { card: here.dataset.card, action: action, figure: chosen, reason: reasonFor(action), expires: $("[name=expires]").value };
    var next = here.dataset.next || here.dataset.previous;
    if (action === "correct") {
      var fields = panel();
      if (!fields) return toast(say("先选一个数：按 1 到 9", "choose the figure first: 1 to 9"), true);
      data.value = $("[name=value]", fields).value;
      data.frame = {};
      $$(".chip [name]", fields).forEach(function (one) { if (one.value !== one.dataset.was) data.frame[one.name] = one.value; });
      if (!data.value && !Object.keys(data.frame).length) { $("[name=value]", fields).focus(); return; }
    }
    busy = true;
    who().then(function () { return send("/api/decide", data); }).then(function (made) {
      remember(made.done.map(function (one) { return one.id; }), data.card);
      return visit(next, function () { toast(outcome_of(action, made) + " · z " + say("撤销", "undoes it")); });
    }).catch(failed).then(function () { busy = false; });
  }
  function outcome_of(action, made) {
    if (made.result) return made.result === "renewed" ? say("已续用", "renewed") : say("已撤回", "withdrawn");
    var words = { accept: say("已认可", "accepted"), correct: say("已更正", "corrected"), drop: say("不作统计数", "no statistic"), flag: say("标为存疑", "flagged") };
    return words[action] + " " + made.done[0].about;
  }

  function undo() {
    var all = stack(), last = all.pop();
    if (!last || busy) return toast(say("没有可撤销的", "there is nothing to undo"), true);
    busy = true;
    send("/api/undo", { ids: last.ids }).then(function () {
      keepStack(all);
      return visit(last.card, function () { toast(say("已撤销", "undone")); });
    }).catch(function (error) { keepStack(all); failed(error); }).then(function () { busy = false; });
  }

  function later() {
    var here = card();
    if (here) here.dataset.next ? visit(here.dataset.next) : visit("first");
  }

  function these(button) {
    var dialog = $("#these"), names = button.dataset.cards.split(" ").slice(0, 500);
    send("/api/preview", { cards: names }).then(function (data) {
      var form = $("form", dialog);
      form.textContent = "";
      var head = document.createElement("h2");
      head.textContent = say("同样的决定用于这 " + data.cards.length + " 件", "The same decision for these " + data.cards.length);
      form.append(head);
      var list = document.createElement("ul");
      data.cards.forEach(function (one) {
        var item = document.createElement("li"), box = document.createElement("input"), label = document.createElement("label");
        box.type = "checkbox"; box.checked = true; box.value = one.id;
        label.append(box, " " + one.title + " — " + one.about);
        item.append(label); list.append(item);
      });
      form.append(list);
      var row = document.createElement("p");
      row.className = "row";
      [["accept", say("认可", "Accept")], ["drop", say("不作统计数", "No statistic")], ["flag", say("存疑", "Flag")], ["", say("取消", "Cancel")]].forEach(function (pair) {
        var one = document.createElement("button");
        one.className = "act" + (pair[0] ? "" : " quiet"); one.value = pair[0]; one.textContent = pair[1];
        row.append(one);
      });
      form.append(row);
      dialog.returnValue = "";
      dialog.onclose = function () {
        var action = dialog.returnValue, picked = $$("input:checked", dialog).map(function (one) { return one.value; });
        if (!action || !picked.length) return;
        who().then(function () {
          return send("/api/decide-these", { cards: picked, action: action, reason: reasonFor(action), expires: $("[name=expires]").value });
        }).then(function (made) {
          remember(made.done.map(function (one) { return one.id; }), picked[0]);
          visit("first", function () {
            toast(say("写下 ", "written: ") + made.done.length + (made.failed.length ? say("；未写 ", "; not written: ") + made.failed.length + " — " + made.failed[0].error : ""), made.failed.length > 0);
          });
        }).catch(failed);
      };
      dialog.showModal();
    }).catch(failed);
  }

  /* The equation, as it would be with the number that is being typed. */
  var asked = 0;
  function reckon(field) {
    var box = $("[data-equations]"), mine = ++asked;
    if (!box || !card()) return;
    send("/api/equation", { card: card().dataset.card, figure: chosen, value: field.value }).then(function (data) {
      if (mine !== asked) return;
      var holds = data.equations.every(function (one) { return one.verdict !== "fails"; });
      box.classList.toggle("holds", holds);
      box.textContent = "";
      if (!data.equations.length) box.textContent = say("这样它们不再构成等式", "so they make no equation any more");
      data.equations.forEach(function (one) {
        var line = document.createElement("p");
        line.className = "sum";
        line.append(part("math", one.left + " = ", one.computed));
        line.append(one.verdict === "fails" ? part("not", say("文中作 ", "the text says "), one.stated) : part("not", "", say("成立", "it holds")));
        if (one.verdict === "fails") line.append(part("residual", say("余差 ", "residual "), one.residual));
        box.append(line);
      });
    }).catch(function () { if (mine === asked) box.classList.remove("holds"); });
  }
  function part(name, text, bold) {
    var span = document.createElement("span"), b = document.createElement("b");
    span.className = name; b.textContent = bold; span.append(text, b);
    return span;
  }

  /* Forms that are sent as they stand. */
  function fields(form) {
    var data = {};
    $$("[name]:not(:disabled)", form).forEach(function (one) {
      data[one.name] = one.type === "checkbox" ? one.checked : one.type === "number" ? one.valueAsNumber
        : one.multiple ? $$("option:checked", one).map(function (option) { return option.value; }).join(" ") : one.value;
    });
    var entry = form.closest("[data-decision]");
    if (entry) { data.id = entry.dataset.decision; data.seen = JSON.parse(entry.dataset.seen); }
    return data;
  }
  function submit(address, form) {
    who().then(function () { return send(address, fields(form)); }).then(function (data) {
      var text = kept + (data.file ? " " + data.file : "") + next_run;
      if (!form.classList.contains("synonym")) return leave(text);
      form.textContent = text;
    }).catch(failed);
  }

  /* An indicator or a concept, tried while it is written. */
  var trying = 0, waiting = 0;
  function attempt(form) {
    var mine = ++trying, box = $("[data-trial]");
    $("[data-tried]").textContent = say("正在试…", "trying …");
    send("/api/" + form.dataset.draft + "/try", fields(form)).then(function (data) {
      if (mine !== trying) return;
      $("[data-tried]").textContent = say("认领 " + data.counts[0] + "，相近 " + data.counts[1], data.counts[0] + " claimed, " + data.counts[1] + " near");
      box.textContent = "";
      list(say("冲突", "Conflicts"), data.conflicts.map(function (text) { return [text]; }), "bad");
      list(say("认领", "Claimed"), data.caught.map(function (one) { return [one.value + " · " + one.where.join(" · "), one.quote, one.path]; }));
      list(say("相近而未认领", "Near, and why not"), data.near.map(function (one) { return [one.why, one.quote, one.path]; }));
      if (data.diff.length) {
        var pre = document.createElement("pre");
        pre.className = "diff";
        data.diff.forEach(function (text) { var row = document.createElement("span"); row.className = text[0] === "+" ? "good" : text[0] === "-" ? "bad" : "soft"; row.textContent = text + "\n"; pre.append(row); });
        box.append(head(data.file), pre);
      }
    }).catch(function (error) { if (mine === trying) { $("[data-tried]").textContent = error.message; box.textContent = ""; } });
    function head(text) { var one = document.createElement("h3"); one.textContent = text; return one; }
    function list(title, rows, tone) {
      if (!rows.length) return;
      var all = document.createElement("ul");
      all.className = "trial";
      rows.forEach(function (row) {
        var item = document.createElement("li"), first = document.createElement("b");
        first.textContent = row[0]; first.className = tone || "";
        item.append(first);
        row.slice(1).forEach(function (text) { var p = document.createElement("p"); p.textContent = text; item.append(p); });
        all.append(item);
      });
      box.append(head(title), all);
    }
  }

  /* Files that are brought. */
  function bring(files) {
    var list = $(".taken");
    who().then(function () {
      return Array.prototype.reduce.call(files, function (before, file) {
        return before.then(function () {
          return new Promise(function (done, not) {
            var reader = new FileReader();
            reader.onload = function () { done(reader.result.slice(reader.result.indexOf(",") + 1)); };
            reader.onerror = not;
            reader.readAsDataURL(file);
          }).then(function (content) { return send("/api/upload", { name: file.name, content: content }); }).then(function (data) {
            line(file.name, data.reason || say("收下了", "taken in"), data.address, data.reason);
          }, function (error) { line(file.name, error.message, "", true); });
        });
      }, Promise.resolve());
    }).catch(failed);
    function line(name, text, address, bad) {
      var item = document.createElement("li"), link = document.createElement(address ? "a" : "b");
      link.textContent = name;
      if (address) link.href = address;
      item.append(link, " " + text);
      item.className = bad ? "bad" : "";
      list.append(item);
    }
  }
  var drop = $("[data-drop]");
  if (drop) {
    $("input", drop).addEventListener("change", function () { bring(this.files); });
    ["dragover", "dragleave", "drop"].forEach(function (name) {
      drop.addEventListener(name, function (event) {
        event.preventDefault();
        drop.classList.toggle("over", name === "dragover");
        if (name === "drop") bring(event.dataTransfer.files);
      });
    });
  }

  /* A run or training, followed. */
  function follow() {
    var box = $("#progress"), line = $(".line", box), source = new EventSource("/api/run/events");
    box.hidden = false;
    $$("[data-run]").forEach(function (one) { one.disabled = true; });
    $$("[data-stage]").forEach(function (one) { one.className = ""; });
    source.onmessage = function (message) {
      var event = JSON.parse(message.data), stage = event.stage && $('[data-stage="' + event.stage + '"]');
      if (stage && event.event === "stage_started") stage.className = "now";
      if (stage && event.event === "stage_ended") stage.className = "over";
      if (stage || event.message) line.textContent = stage ? stage.textContent : event.message;
    };
    source.addEventListener("end", function (message) {
      var end = JSON.parse(message.data);
      source.close();
      var good = end.code === 0 || end.code === 1, output = $("[data-output]"), dry = $("#dry");
      if (end.kind === "run" && good) return location.reload();
      $$("[data-run]").forEach(function (one) { one.disabled = false; });
      box.hidden = good;
      if (end.kind === "dry" && dry) fetch("/morning/dry", { credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (html) { dry.innerHTML = html; });
      if (end.kind === "train" && output) {
        output.textContent = "";
        output.className = end.code === 0 ? "good" : "";
        end.output.forEach(function (text) { var p = document.createElement("p"); p.textContent = text; output.append(p); });
      }
    });
  }

  document.addEventListener("click", function (event) {
    var hit = function (query) { return event.target.closest && event.target.closest(query); }, one;
    if ((one = hit("[data-choose]"))) { event.preventDefault(); choose(one.dataset.choose); }
    else if ((one = hit("[data-reason]"))) $("[name=reason]").value = one.dataset.reason;
    else if ((one = hit("[data-act]"))) act(one.dataset.act);
    else if ((one = hit("[data-step]"))) { event.preventDefault(); step(one.dataset.step); }
    else if ((one = hit("[data-these]"))) these(one);
    else if (hit("[data-help]")) $("#keys").showModal();
    else if ((one = hit("[data-officer]"))) { one.dataset.officer = ""; who().catch(function () { location.reload(); }); }
    else if ((one = hit("[data-run]"))) send("/api/run", { kind: one.dataset.run }).then(follow).catch(failed);
    else if ((one = hit("[data-to]"))) submit(one.dataset.to, one.form);
    else if ((one = hit("[data-verify]"))) send("/api/verify", { version: one.dataset.verify }).then(function (data) {
      one.textContent = data.problems.length ? data.problems.join("; ") : say("完好", "whole");
      one.classList.toggle("bad", data.problems.length > 0);
    }).catch(failed);
    else if (hit("[data-untrain]")) who().then(function () { return send("/api/untrain", {}); }).then(function () { leave(kept + next_run); }).catch(failed);
    else if (hit("[data-stop]")) send("/api/run/stop", {}).catch(failed);
    else if ((one = hit("[data-original]"))) {
      var frame = document.createElement("iframe");
      frame.className = "original"; frame.src = one.dataset.original; frame.title = one.textContent;
      one.replaceWith(frame);
    }
  });
  function act(name) { if (name === "later") later(); else if (name === "undo") undo(); else decide(name); }
  function step(where) { var to = card() && card().dataset[where]; if (to) visit(to); }

  document.addEventListener("input", function (event) {
    var field = event.target, chip = field.closest(".chip");
    if (field.name === "value" && panel()) reckon(field);
    if (field.form && "draft" in field.form.dataset) { clearTimeout(waiting); waiting = setTimeout(attempt, 250, field.form); }
    if (chip && "was" in field.dataset) chip.classList.toggle("changed", field.value !== field.dataset.was);
  });
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if ("draft" in form.dataset) {
      event.preventDefault();
      who().then(function () { return send("/api/" + form.dataset.draft + "/save", fields(form)); }).then(function (data) { leave(kept + " " + data.file + next_run, data.address); }).catch(failed);
    }
    if (form.dataset.form) { event.preventDefault(); submit(form.dataset.form, form); }
    if ("prune" in form.dataset) {
      event.preventDefault();
      var keep = fields(form).keep, gone = Math.max($$("[data-verify]").length - keep, 0);
      if (gone && !confirm(say("删去最早的 " + gone + " 版？删去的不能复原。", "Delete the " + gone + " oldest releases? They cannot be brought back."))) return;
      send("/api/prune", { keep: keep }).then(function (data) { data.gone.length ? location.reload() : toast(say("没有可清理的", "there is nothing to prune")); }).catch(failed);
    }
  });
  document.addEventListener("change", function (event) {
    if (event.target.closest(".filters")) event.target.form.submit();
  });
  document.addEventListener("keydown", function (event) {
    var field = event.target.closest("input, select, textarea"), inside = field && field.closest("[data-card]");
    if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (event.key === "Escape" && field) return field.blur();
    if (event.key === "Enter" && inside && field.closest("[data-figure]")) { event.preventDefault(); return decide("correct"); }
    if (event.key === "Enter" && inside && field.name === "reason") { event.preventDefault(); return field.blur(); }
    if (field || !$("#desk")) return;
    var keys = { a: "accept", c: "correct", d: "drop", f: "flag", s: "later", z: "undo" }, figures = $$(".figure");
    if (event.key === "?") $("#keys").showModal();
    else if (event.key === "j") step("next");
    else if (event.key === "k") step("previous");
    else if (event.key === "r" && $("[name=reason]")) { $("[name=reason]").select(); }
    else if (/^[1-9]$/.test(event.key) && figures[event.key - 1]) choose(figures[event.key - 1].dataset.choose);
    else if (keys[event.key]) act(keys[event.key]);
    else return;
    event.preventDefault();
  });

  if (sessionStorage.getItem("notice")) { toast(sessionStorage.getItem("notice")); sessionStorage.removeItem("notice"); }
  if ($("#desk")) opened();
  if ($("[data-draft]")) attempt($("[data-draft]"));
  if ($("#progress") && $("#progress").dataset.atWork) follow();
})();
