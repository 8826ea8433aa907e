// Keys and the running sum of ticked decisions. Every page works without this file.
(function () {
	"use strict";
	var doc = document, rows = [], at = -1, g = false;

	function all(selector) { return Array.prototype.slice.call(doc.querySelectorAll(selector)); }

	// The sum of the ticked decisions, in the words that the page brought along.
	function thousands(e4) {
		var whole = Math.round(e4 / 10000).toString();
		return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
	}
	function sum() {
		var line = doc.getElementById("picked");
		if (!line) return;
		var n = 0, gain = 0, cash = 0, currency = "";
		all("input[name=id]:checked").forEach(function (box) {
			n++;
			gain += Number(box.dataset.gain);
			cash += Number(box.dataset.cash);
			currency = box.dataset.currency;
		});
		line.textContent = n === 0 ? line.dataset.none : line.dataset.text
			.replace("{n}", n).replace("{gain}", currency + " " + thousands(gain)).replace("{cash}", currency + " " + thousands(cash));
	}
	doc.addEventListener("change", function (event) {
		if (event.target.name === "id") sum();
	});
	sum();

	function move(step) {
		if (!rows.length) rows = all("#rows tbody tr");
		if (!rows.length) return;
		if (at >= 0) rows[at].classList.remove("here");
		at = Math.max(0, Math.min(rows.length - 1, at + step));
		rows[at].classList.add("here");
		var link = rows[at].querySelector("th a, a");
		if (link) link.focus({ preventScroll: true });
		rows[at].scrollIntoView({ block: "nearest" });
	}
	function inRow(selector) { return at >= 0 && rows[at] ? rows[at].querySelector(selector) : null; }
	function press(element) { if (element) element.click(); return !!element; }
	function go(address) { location.assign(address); return true; }
	function field(id) {
		var open = at >= 0 && rows[at] && rows[at].dataset.open;
		if (open && /^\/decisions\//.test(open)) return go(open + "#" + id);
		var form = doc.getElementById(id);
		var input = form && form.querySelector("textarea, select, input:not([type=hidden])");
		if (input) input.focus();
		return !!input;
	}

	var keys = {
		j: function () { move(1); return true; },
		k: function () { move(-1); return true; },
		x: function () { return press(inRow("input[type=checkbox]")); },
		Enter: function () { var open = inRow("a"); return open && doc.activeElement === doc.body ? go(rows[at].dataset.open) : false; },
		a: function () { return press(inRow("button.approve")) || (at < 0 && press(doc.querySelector("#approve button"))); },
		r: function () { return field("reject"); },
		z: function () { return field("snooze"); },
		"/": function () {
			var search = doc.getElementById("search");
			if (!search) return go("/skus#search");
			search.focus();
			search.select();
			return true;
		},
		"?": function () { return go("/keys"); },
		g: function () { g = true; setTimeout(function () { g = false; }, 1000); return true; }
	};
	var places = { d: "/decisions", o: "/" };

	doc.addEventListener("keydown", function (event) {
		var t = event.target;
		if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
		if (doc.documentElement.dataset.keys === "off" || !doc.querySelector("nav.side")) return;
		if (/^(INPUT|SELECT|TEXTAREA)$/.test(t.tagName) && t.type !== "checkbox" || t.isContentEditable) return;
		var done = g && places[event.key] ? go(places[event.key]) : keys[event.key] && keys[event.key]();
		if (event.key !== "g") g = false;
		if (done) event.preventDefault();
	});

	// A link from a list to #reject, #snooze or #search leads into its field.
	if (/^#(reject|snooze)$/.test(location.hash)) field(location.hash.slice(1));
	if (location.hash === "#search" && doc.getElementById("search")) doc.getElementById("search").focus();
})();
