"""Facts of nobody: to warm the engine, to preview a design, to measure."""

from datetime import date

from certificates.rendering.facts import DESIGN, CertificateFacts, Issuer, Signatory, UnitLine

SAMPLE = CertificateFacts(
    design=DESIGN,
    title="Sertifikat Pelatihan",
    number="0000/SP-ASKOM/CONTOH/XI/2026",
    name="Dr. Contoh Nama Peserta, S.T., M.T.",
    scheme="Pelatihan Asesor Kompetensi",
    batch_name="Angkatan contoh",
    starts_on=date(2026, 11, 24),
    ends_on=date(2026, 11, 29),
    jp=40,
    place="TUK Contoh, Jakarta",
    issued_on=date(2026, 12, 3),
    issued_place="Jakarta",
    issuer=Issuer("Lembaga Sertifikasi Profesi Contoh", "LSP Contoh", "BNSP-LSP-0000-ID"),
    signatories=(
        Signatory("Nama Direktur, M.M.", "Direktur", ""),
        Signatory("Nama Manajer, S.E.", "Manajer Sertifikasi", ""),
    ),
    units=(
        UnitLine("UMUM", "Sistem sertifikasi, prinsip asesmen, dan kode etik", "", 10, ""),
        UnitLine("MAPA", "Merencanakan Aktivitas dan Proses Asesmen", "M.74SPS03.088.2", 12, "Lulus"),
        UnitLine("MA", "Melaksanakan Asesmen", "M.74SPS03.090.1", 14, "Lulus"),
        UnitLine("MKVA", "Memberikan Kontribusi dalam Validasi Asesmen", "M.74SPS03.095.1", 4, "Lulus"),
    ),
    facilitators=("Nama Fasilitator Satu", "Nama Fasilitator Dua"),
    verify_url="https://portal.example.org/verifikasi/aaaaaaaaaaaaaaaaaaaaaaaaaa",
)
