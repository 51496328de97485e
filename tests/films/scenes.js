// What each film shows, scene by scene; what is said to it stands in tests/films/spoken.toml.
"use strict";

const SECONDS_A_SCENE = 4;

const FILMS = {
  pakai_anjungan: [
    (s, t) => {
      s.title("Memakai anjungan", t);
      s.kiosk(480, 130 + 40 * (1 - part(t, 0, 0.3)));
      s.tiles(412, 160 + 40 * (1 - part(t, 0, 0.3)), 136, 190);
    },
    (s, t) => {
      s.title("Sentuh layanan", t);
      s.box(250, 90, 460, 390, PAPER, { line: BRAND, width: 8, round: 24 });
      s.tiles(280, 120, 400, 340, 1, part(t, 0.5, 0.6));
      s.hand(600 - 90 * (1 - part(t, 0, 0.4)) + 5, 330 - 165 * part(t, 0, 0.4), part(t, 0.45, 0.75));
    },
    (s, t) => {
      s.title("Isi satu per satu", t);
      s.box(200, 100, 560, 380, PAPER, { line: BRAND, width: 8, round: 24 });
      s.text("Nomor telepon", 240, 150, 24, INK, "left");
      s.box(240, 176, 480, 62, SOFT, { line: BRAND });
      const digits = "08•• •••• 0001".slice(0, Math.floor(1 + 14 * part(t, 0.1, 0.8)));
      s.text(digits, 262, 208, 32, INK, "left");
      for (let at = 0; at < 10; at++) {
        const x = 270 + (at % 5) * 88, y = 266 + Math.floor(at / 5) * 76;
        const on = Math.floor(t * 18) % 10 === at && t < 0.8;
        s.box(x, y, 76, 64, on ? GOLD : SOFT, { line: LINE });
        s.text(String((at + 1) % 10), x + 38, y + 34, 28);
      }
    },
    (s, t) => {
      s.title("Isian dikunci", t);
      s.sheet(330, 110, 300, 330, "Permohonan", 10);
      s.box(330, 110, 300, 330, `rgba(11, 93, 74, ${0.55 * part(t, 0.2, 0.5)})`, { round: 8 });
      s.lock(480, 270, part(t, 0.3, 0.6));
    },
    (s, t) => {
      s.title("Simpan tanda terima", t);
      s.kiosk(330, 110, 1.1);
      s.tick(330, 230, part(t, 0, 0.4), 1.6);
      s.box(560, 170, 230, 18, INK, { round: 9 });
      s.receipt(580, 180, 250 * part(t, 0.1, 0.75));
    },
    (s, t) => {
      s.title("Cek status kapan saja", t);
      s.phone(340, 90, 280, 400);
      s.text("261122-0042", 480, 140, 24, BRAND);
      ["Diterima", "Diproses", "Siap diambil"].forEach((word, at) => {
        const on = part(t, 0.15 + at * 0.22, 0.3 + at * 0.22);
        s.dot(400, 210 + at * 84, 20, LINE);
        if (on > 0) s.tick(400, 210 + at * 84, on, 0.85);
        s.text(word, 434, 211 + at * 84, 22, INK, "left", 600);
      });
    },
  ],
  siapkan_berkas: [
    (s, t) => {
      s.title("Siapkan berkas", t);
      s.card(130 - 200 * (1 - part(t, 0, 0.3)), 190, 240, 150, "KTP");
      s.sheet(400, 150 + 260 * (1 - part(t, 0.15, 0.45)), 190, 240, "KK", 7);
      s.sheet(640 + 240 * (1 - part(t, 0.3, 0.6)), 150, 190, 240, "RT / RW", 7);
    },
    (s, t) => {
      s.title("Periksa daftarnya", t);
      s.box(270, 100, 420, 370, PAPER, { line: BRAND, width: 6, round: 20 });
      ["KTP-el asli", "Kartu Keluarga", "Surat pengantar", "Nomor telepon"].forEach((word, at) => {
        s.box(310, 132 + at * 84, 44, 44, SOFT, { line: LINE });
        s.text(word, 380, 155 + at * 84, 26, INK, "left", 600);
        s.tick(332, 154 + at * 84, part(t, 0.1 + at * 0.18, 0.28 + at * 0.18), 0.9);
      });
    },
    (s, t) => {
      s.title("Foto yang jelas", t);
      s.phone(150, 120, 280, 340); s.phone(530, 120, 280, 340);
      s.c.filter = "blur(7px)"; s.card(176, 220, 228, 140, "KTP"); s.c.filter = "none";
      s.card(556, 220, 228, 140, "KTP");
      if (t > 0.35) s.path([[266, 388], [314, 424]], RED, 10), s.path([[314, 388], [266, 424]], RED, 10);
      s.tick(670, 406, part(t, 0.5, 0.8), 1.2);
    },
    (s, t) => {
      s.title("Datang ke loket", t);
      s.box(120, 330, 720, 130, BRAND, { round: 16 });
      s.box(120, 318, 720, 22, GOLD, { round: 8 });
      s.dot(640, 210, 46, "#e0a878"); s.box(585, 258, 110, 64, BLUE, { round: 22 });
      const x = 180 + 240 * part(t, 0.1, 0.6);
      s.dot(x, 220, 46, "#c98d5f"); s.box(x - 55, 268, 110, 60, RED, { round: 22 });
      s.sheet(x + 60, 210, 90, 104, "", 1);
    },
    (s, t) => {
      s.title("Gratis, tanpa calo", t);
      s.dot(480, 270, 130, SOFT); s.text("Rp 0", 480, 270, 84, BRAND);
      s.tick(600, 370, part(t, 0.3, 0.7), 1.8);
    },
  ],
  lapor_masalah: [
    (s, t) => {
      s.title("Ada masalah di jalan?", t);
      s.path([[80, 480], [380, 180], [580, 180], [880, 480]], "#8a9a94", 4, true, "#9fb0aa");
      s.path([[480, 460], [480, 400]], PAPER, 10); s.path([[480, 340], [480, 300]], PAPER, 8);
      s.c.save(); s.c.translate(420, 390); s.c.scale(1, 0.4); s.dot(0, 0, 90 * part(t, 0.2, 0.5), INK); s.c.restore();
      s.path([[700, 420], [700, 150], [640, 150]], INK, 10); s.dot(636, 158, 14, LINE);
    },
    (s, t) => {
      s.title("Darurat? Telepon 112", t);
      s.phone(370, 90, 220, 400);
      s.dot(480, 240, 70 + 8 * Math.sin(t * 30), RED); s.text("112", 480, 242, 52, PAPER);
      s.text("gratis, 24 jam", 480, 380, 22, INK, "center", 600);
    },
    (s, t) => {
      s.title("Pilih tempatnya", t);
      s.box(200, 100, 560, 380, SOFT, { line: BRAND, width: 6, round: 20 });
      s.path([[200, 280], [380, 240], [470, 320], [760, 280]], PAPER, 12);
      s.path([[400, 100], [430, 250], [400, 480]], PAPER, 12);
      s.path([[600, 100], [560, 290], [640, 480]], PAPER, 12);
      s.pin(520, 140 + 180 * part(t, 0.15, 0.5));
    },
    (s, t) => {
      s.title("Boleh tanpa nama", t);
      ["Dengan nama", "Dirahasiakan", "Tanpa nama"].forEach((word, at) => {
        const on = at === 2 ? part(t, 0.45, 0.55) : 0;
        s.box(260, 110 + at * 122, 440, 100, on ? BRAND : PAPER, { line: BRAND, round: 20 });
        s.text(word, 480, 162 + at * 122, 30, on ? PAPER : INK);
      });
      s.hand(650 - 60 * part(t, 0, 0.4), 470 - 60 * part(t, 0, 0.4), part(t, 0.45, 0.75));
    },
    (s, t) => {
      s.title("Pantau jawabannya", t);
      [["3", "diperiksa"], ["5", "dijawab"], ["10", "selesai"]].forEach(([days, word], at) => {
        const x = 230 + at * 250, on = part(t, 0.1 + at * 0.22, 0.3 + at * 0.22);
        s.dot(x, 250, 86 * on, at === 2 ? "#1f7a43" : at ? GOLD : BLUE);
        if (on > 0.9) s.text(days, x, 236, 64, PAPER), s.text("hari kerja", x, 286, 20, PAPER);
        s.text(word, x, 372, 28, INK);
      });
    },
  ],
};
