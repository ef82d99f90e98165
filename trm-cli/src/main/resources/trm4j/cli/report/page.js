'use strict';
// What all parts of the page are made of.
const COLOURS = 6;
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
const one = selector => document.querySelector(selector);
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// Colours repeat after six, then with other dashes.
const seriesColour = i => colour('--series' + i % COLOURS);
const seriesDash = i => DASHES[Math.floor(i / COLOURS) % DASHES.length];

const isNumber = value => typeof value === 'number' && isFinite(value);
// As short as may be, on axes.
const tick = share => isNumber(share) ? Number((100 * share).toFixed(1)) + '%' : '';
const percent = share => isNumber(share) ? (100 * share).toFixed(1) + '%' : '';
const fixed = digits => number => isNumber(number) ? number.toFixed(digits) : '';
const grouped = number => isNumber(number) ? number.toLocaleString('en') : '';
const short = number => !isNumber(number) ? '' : number === 0 ? '0'
  : Math.abs(number) < 1e-3 || Math.abs(number) >= 1e6 ? number.toExponential(1)
  : String(Number(number.toPrecision(4)));
const plural = (count, word) => `${grouped(count)} ${word}${count === 1 ? '' : 's'}`;

function element(tag, content, name) {
  const made = document.createElement(tag);
  if (content != null) made.append(...[content].flat());
  if (name) made.className = name;
  return made;
}

function section(title, ...content) {
  const made = element('section', element('h2', title));
  made.append(...content.flat().filter(Boolean));
  return made;
}

// What stands for a series in tables and legends: its line, or its points.
function swatch(i, look = {}) {
  const canvas = element('canvas', null, 'swatch');
  const scale = window.devicePixelRatio || 1;
  canvas.width = 24 * scale;
  canvas.height = 10 * scale;
  canvas.setAttribute('aria-hidden', 'true');
  const pen = canvas.getContext('2d');
  pen.scale(scale, scale);
  pen.strokeStyle = pen.fillStyle = seriesColour(i);
  if (look.bars) {
    pen.fillRect(4, 0, 16, 10);
  } else if (!look.dots) {
    pen.lineWidth = look.thin ? 1 : 2.5;
    pen.setLineDash(look.dash || seriesDash(i));
    pen.beginPath();
    pen.moveTo(0, 5);
    pen.lineTo(24, 5);
    pen.stroke();
  }
  if (look.points || look.dots) {
    pen.beginPath();
    pen.arc(12, 5, 3.5, 0, 7);
    pen.fill();
  }
  return canvas;
}

// A share as its text and a bar.
function bar(share, text) {
  const track = element('span', null, 'track');
  const filled = element('span', null, 'bar');
  filled.style.width = 80 * Math.max(0, Math.min(1, share || 0)) + 'px';
  track.append(filled);
  track.setAttribute('aria-hidden', 'true');
  return [track, element('span', text === undefined ? percent(share) : text, 'figure')];
}

// The first cell of a row names it. What is wider than the screen scrolls, with the keyboard too.
function table(caption, head, rows) {
  const made = element('table');
  made.append(element('caption', caption, 'unseen'), element('thead'), element('tbody'));
  const row = (values, tagOf) => {
    const line = element('tr');
    values.forEach((value, i) => {
      const cell = element(tagOf(i), value);
      if (cell.tagName === 'TH') cell.scope = tagOf(1) === 'th' ? 'col' : 'row';
      line.append(cell);
    });
    return line;
  };
  made.tHead.append(row(head, () => 'th'));
  rows.forEach(values => made.tBodies[0].append(row(values, i => i === 0 ? 'th' : 'td')));
  const box = element('div', made, 'table');
  box.tabIndex = 0;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', caption);
  return box;
}

// Names and values; those without a value are left out.
function facts(pairs) {
  const list = element('dl');
  pairs.filter(([, value]) => value != null && value !== '').forEach(([name, value]) =>
    list.append(element('dt', name), element('dd', value)));
  return list;
}

// Stays open when a live page is drawn again.
function details(key, summary, content) {
  const box = element('details', [element('summary', summary)]);
  box.dataset.key = key;
  let filled = false;
  const fill = () => {
    if (box.open && !filled) {
      filled = true;
      box.append(...[content()].flat());
    }
  };
  box.addEventListener('toggle', fill);
  box.fill = fill;
  return box;
}

function duration(seconds) {
  if (!isNumber(seconds)) return '';
  const two = n => String(Math.floor(n)).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
}

const date = text => text ? new Date(text).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }) : '';
