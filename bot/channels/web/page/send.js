// One way to the server; what it refuses is told in its own words.
const state = document.getElementById("state");

export async function send(path, fields = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
  } catch {
    state.textContent = "Not sent: the practice chat is not running. Start it again; your text is still here.";
    return false;
  }
  if (!answer.ok) state.textContent = await answer.text();
  return answer.ok;
}
