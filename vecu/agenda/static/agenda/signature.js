// Signing in a frame. Without this file the frame stays hidden and one types one's name. What is drawn is kept as
// strokes ([x, y, x, y…] in a frame of 600 by 200), never as an image.

const pad = document.querySelector("[data-signature-pad]");
const field = document.querySelector("[data-signature]");

if (pad && field) {
  const canvas = pad.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const strokes = [];
  let stroke = null;
  pad.hidden = false;

  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const at = (value, size, most) => Math.round(Math.min(Math.max((value / size) * most, 0), most));
    return [at(event.clientX - box.left, box.width, canvas.width), at(event.clientY - box.top, box.height, canvas.height)];
  };

  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#2b1a29";
    for (const line of strokes) {
      pen.beginPath();
      pen.moveTo(line[0], line[1]);
      for (let i = 2; i < line.length; i += 2) pen.lineTo(line[i], line[i + 1]);
      pen.stroke();
    }
  };

  const keep = () => {
    field.value = strokes.length ? JSON.stringify(strokes.filter((line) => line.length >= 4)) : "";
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke = point(event);
    strokes.push(stroke);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const [x, y] = point(event);
    if (Math.abs(x - stroke.at(-2)) + Math.abs(y - stroke.at(-1)) < 3) return;
    stroke.push(x, y);
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      stroke = null;
      keep();
    });
  }
  pad.querySelector("[data-signature-clear]").addEventListener("click", () => {
    strokes.length = 0;
    draw();
    keep();
  });
  // Sent back with something to mend: what was drawn is still there.
  if (field.value.startsWith("[")) {
    strokes.push(...JSON.parse(field.value));
    draw();
  }
}
