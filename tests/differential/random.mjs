// A small generator of pseudo-random numbers: the same edits on every run and every machine.
export function randomSource(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return (t ^ (t >>> 14)) >>> 0;
    };
    const below = (limit) => next() % limit;
    const pick = (list) => list[below(list.length)];
    const chance = (percent) => below(100) < percent;
    return { below, pick, chance };
}
