import DxshTestSupport
import DxshTime
import Testing

/// Zones by their names, as the system's tzdata has them.
@Suite struct TimeZoneTests {
  @Test(arguments: [
    ("Europe/Berlin", "2026-03-29T00:59:59Z", 3600), ("Europe/Berlin", "2026-03-29T01:00:00Z", 7200),
    ("Europe/Berlin", "1890-01-01T00:00:00Z", 3208), ("Europe/Dublin", "2050-01-01T00:00:00Z", 0),
    ("Europe/Dublin", "2050-07-01T00:00:00Z", 3600), ("America/New_York", "2099-07-04T12:00:00Z", -14_400),
    ("Australia/Lord_Howe", "2099-01-01T00:00:00Z", 39_600), ("Australia/Lord_Howe", "2099-07-01T00:00:00Z", 37_800),
    ("Pacific/Apia", "2011-12-30T09:59:59Z", -36_000), ("Pacific/Apia", "2011-12-30T10:00:00Z", 50_400),
    ("Asia/Kathmandu", "1985-12-31T18:29:59Z", 19_800), ("Asia/Kathmandu", "1985-12-31T18:30:00Z", 20_700),
    ("Asia/Tokyo", "9999-12-31T23:59:59Z", 32_400), ("Etc/GMT+5", "2020-01-01T00:00:00Z", -18_000),
    ("EST5EDT", "2020-07-01T00:00:00Z", -14_400), ("GMT", "2020-07-01T00:00:00Z", 0),
  ])
  func offsets(name: String, text: String, offset: Int) throws {
    let zone = try TimeZone(name)
    #expect(zone.name == name)
    #expect(zone.offset(at: try #require(Timestamp(text: text))) == offset)
  }

  @Test(arguments: [
    ("UTC", "UTC", 0), ("+02:00", "+02:00", 7200), ("02:00", "+02:00", 7200), ("-05:30", "-05:30", -19_800),
    ("-00:00", "+00:00", 0), ("+23:59", "+23:59", 86_340), ("-23:59", "-23:59", -86_340),
  ])
  func fixedOffsetsNeedNoDatabase(text: String, name: String, offset: Int) throws {
    let zone = try TimeZone(text, from: ZoneDatabase(directory: "/nowhere"))
    #expect(zone.name == name)
    #expect(zone.offset(at: .epoch) == offset)
  }

  @Test(arguments: [
    "", "/", ".", "..", "../Europe/Berlin", "Europe/../Europe/Berlin", "/usr/share/zoneinfo/UTC", "Europe//Berlin",
    "Europe/Berlin/", "Europe/Berlin ", "Europe/.Berlin", "Europe\\Berlin", "Europe/Berlin\u{0}", "Europe/Bérlin",
    "+2:00", "+24:00", "+02:60", "+0200", "2", "+02:00:00", "--02:00", "+-02:00", ":", "localtime", "posixrules",
    "A2345678901234567890123456789012345678901234567890123456789012345",
  ])
  func malformedNames(name: String) {
    #expect(throws: ZoneError.malformedName) { try TimeZone(name) }
  }

  @Test(arguments: ["Europe/Atlantis", "Europe", "europe/berlin", "utc2", "Z", "Europe/Berlin/Mitte"])
  func unknownNames(name: String) {
    #expect(throws: ZoneError.unknown) { try TimeZone(name) }
  }

  @Test func noDatabase() {
    #expect(throws: ZoneError.noDatabase("/nowhere")) {
      try TimeZone("Europe/Berlin", from: ZoneDatabase(directory: "/nowhere"))
    }
  }

  @Test func zonesAreReadOnce() throws {
    let folder = TemporaryFolder()
    let database = ZoneDatabase(directory: folder.path)
    folder.write(TZifFile(offsets: [1800]).bytes, to: "Half")
    #expect(try TimeZone("Half", from: database).offset(at: .epoch) == 1800)
    folder.write(TZifFile(offsets: [60]).bytes, to: "Half")
    #expect(try TimeZone("Half", from: database).offset(at: .epoch) == 1800)
  }

  @Test func filesThatAreNoZones() {
    let folder = TemporaryFolder()
    let database = ZoneDatabase(directory: folder.path)
    folder.write("TZif2", to: "Short")
    folder.write(TZifFile().bytes + [UInt8](repeating: 0, count: 70_000), to: "Long")
    folder.makeFolder("Folder")
    #expect(throws: ZoneError.unreadable("\(folder.path)/Short")) { try TimeZone("Short", from: database) }
    #expect(throws: ZoneError.unreadable("\(folder.path)/Long")) { try TimeZone("Long", from: database) }
    #expect(throws: ZoneError.unknown) { try TimeZone("Folder", from: database) }
  }
}
