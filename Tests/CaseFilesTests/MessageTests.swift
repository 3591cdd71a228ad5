import Testing

@testable import CaseFiles

@Suite("Messages about cases")
struct MessageTests {
  @Test("All problems of a file come at once, in its order, one line each")
  func allAtOnce() {
    let text = """
      title: Everything is wrong
      metal: Nb
      tempreature: 300 K
      box:
        width: 120 nm
        height: 100
        cell: 2 mV
      electrolyte:
        thickness: -10 um
        transference_number: 1.4
      substrate:
        name: Ni
        contact_angle: {value: 120 deg, kind: guessed}
        contact: {law: schotky, barrier: 0.65 V}
        islands:
          name: Na3Sb
          diameter: 30 nm
          pitch: "60"
          contact_angle: 190 deg
          contact: [ohmic]
      seeds:
      protocol:
        - hold: -0.1 V
          plate: 1 mA/cm^2
          until: {}
        - until: {time: soon}
        - rest
      numerics: {random_seed: -1, interface_width: 1.5 nm}
      output: {fields: yes}

      """
    let metres = "(m, cm, mm, um, nm, angstrom)"
    #expect(
      messages(text) == [
        "my.yaml:2:8: metal: \"Nb\" is not known, did you mean \"Na\"?; expected one of Li, Na, K, or a molar_volume "
          + "beside it",
        "my.yaml:3:1: tempreature: unknown key, did you mean \"temperature\"?; expected the keys title, reference, metal, "
          + "molar_volume, temperature, box, electrolyte, kinetics, surface_energy, capillarity, substrate, seeds, protocol, output or numerics",
        "my.yaml:6:11: box.height: \"100\" has no unit; expected a length such as 60 nm \(metres)",
        "my.yaml:7:9: box.cell: \"2 mV\" is a potential; expected a length such as 60 nm \(metres)",
        "my.yaml:9:14: electrolyte.thickness: \"-10 um\" is negative; expected a length above zero, such as 60 nm",
        "my.yaml:10:24: electrolyte.transference_number: \"1.4\" is out of range; expected a plain number "
          + "between 0 and 1",
        "my.yaml:13:3: substrate.contact_angle.source: the key is missing from substrate.contact_angle; "
          + "expected a text",
        "my.yaml:13:41: substrate.contact_angle.kind: \"guessed\" is not known; expected one of measured, computed, "
          + "estimated, chosen, given",
        "my.yaml:14:18: substrate.contact.law: \"schotky\" is not known, did you mean \"schottky\"?; expected one of "
          + "ohmic, schottky, insulating",
        "my.yaml:14:36: substrate.contact.barrier: \"0.65 V\" is a potential; expected an energy barrier such as "
          + "0.65 eV (eV, meV)",
        "my.yaml:18:12: substrate.islands.pitch: \"60\" has no unit; expected a length such as 60 nm \(metres)",
        "my.yaml:19:20: substrate.islands.contact_angle: \"190 deg\" is out of range; expected an angle from "
          + "20 to 160 deg, such as 30 deg",
        "my.yaml:20:14: substrate.islands.contact: a list is given; expected ohmic, schottky or insulating, "
          + "or a section with the key law",
        "my.yaml:21:1: seeds: the key has no value; expected a section with film, on_islands, caps and "
          + "nucleation_overpotential",
        "my.yaml:23:5: protocol.0: says hold and plate; expected only one of hold, plate, strip, rest, table or "
          + "repeat",
        "my.yaml:25:5: protocol.0.until: says none of time, capacity, thickness, height, voltage, voltage_above, voltage_below, stripped_share or current; "
          + "expected one of them",
        "my.yaml:26:5: protocol.1: says none of hold, plate, strip, rest, table or repeat; expected one of them",
        "my.yaml:26:19: protocol.1.until.time: \"soon\" is not a number; expected a time such as 30 s "
          + "(s, ms, us, ns, min, h, d)",
        "my.yaml:27:5: protocol.2: \"rest\" is given; expected a section with hold, plate, strip, rest, table, "
          + "until, repeat and stages",
        "my.yaml:28:25: numerics.random_seed: \"-1\" is not such a number; expected a whole number of at least 0",
        "my.yaml:28:46: numerics.interface_width: \"1.5 nm\" has a unit; expected a plain number such as 0.5",
        "my.yaml:29:18: output.fields: \"yes\" is given; expected true or false",
      ])
  }

  @Test("A missing key names the section it is missing from and that section's line")
  func missing() {
    let text = smallCase.replacing("    cell: 2 nm\n".replacing("    ", by: "  "), by: "")
      .replacing("metal: Na\n", by: "")
    #expect(
      messages(text) == [
        "my.yaml:1:1: metal: the key is missing; expected one of Li, Na, K, or another name",
        "my.yaml:2:1: box.cell: the key is missing from box; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)",
      ])
  }

  @Test(
    "Values that do not fit each other are named by their key",
    arguments: [
      (
        ["substrate.islands.diameter=60 nm"],
        "substrate.islands.diameter: 60 nm is not less than the pitch, 60 nm; expected islands that do not touch"
      ),
      (
        ["substrate.islands.pitch=200 nm"],
        "substrate.islands.pitch: 200 nm is more than the box's width, 120 nm; expected at least one island in the box"
      ),
      (
        ["substrate.islands.diameter=5 nm"],
        "substrate.islands.diameter: 5 nm is less than 3 cells of 2 nm; expected a smaller box.cell or a larger size"
      ),
      (
        ["seeds.on_islands.radius=5 nm"],
        "seeds.on_islands.radius: 5 nm is less than 3 cells of 2 nm; expected a smaller box.cell or a larger size"
      ),
      (
        ["seeds.on_islands.radius=90 nm"],
        "seeds.on_islands.radius: the metal reaches 90 nm in a box 100 nm high; expected at least 8 free cells above it"
      ),
      (
        ["seeds={film: 95 nm}"],
        "seeds.film: the metal reaches 95 nm in a box 100 nm high; expected at least 8 free cells above it"
      ),
      (
        ["seeds={caps: [{x: 130 nm, radius: 10 nm}]}"],
        "seeds.caps.0.x: 130 nm is outside the box, which is 120 nm wide; expected a position in the box"
      ),
      (
        ["seeds={caps: [{x: 30 nm, z: 95 nm, radius: 10 nm}]}"],
        "seeds.caps.0.z: the metal reaches 105 nm in a box 100 nm high; expected at least 8 free cells above it"
      ),
      (
        ["kinetics.film_resistance=1 ohm cm^2", "kinetics.sei={thickness: 5 nm, conductivity: 1e-4 S/m}"],
        "kinetics.film_resistance: kinetics.sei has a resistance of its own; expected one of the two"
      ),
      (["seeds={}"], "seeds: there is no metal at the start; expected a film, on_islands or caps"),
      (
        ["substrate={name: Ni, contact_angle: 120 deg}"],
        "seeds.on_islands: the substrate has no islands; expected substrate.islands, or seeds.caps instead"
      ),
      (
        ["electrolyte.thickness=50 nm"],
        "box.height: 100 nm is above the electrolyte's far end at 50 nm; expected a height of at most "
          + "electrolyte.thickness"
      ),
      (
        ["capillarity=variational"],
        "substrate: capillarity variational knows no contact angle; expected substrate: none"
      ),
      (
        ["box.moving_window=true"],
        "box.height: a moving window of 48 rows of cells holds no front between metal and electrolyte; expected 80 rows or "
          + "more"
      ),
      (
        ["box.moving_window=true", "box.cell=1 nm", "electrolyte.thickness=150 nm"],
        "box.height: a moving window takes its electrolyte from what lies above it; expected at most half of "
          + "electrolyte.thickness"
      ),
      (
        ["box.moving_window=yes"], "box.moving_window: \"yes\" is given; expected true or false"
      ),
      (
        ["electrolyte.transport=cation", "electrolyte.salt_diffusivity=1e-10 m^2/s"],
        "box.height: cation transport knows no far field above the box; expected a box as high as "
          + "electrolyte.thickness"
      ),
      (
        ["electrolyte.transport=cation", "electrolyte.thickness=100 nm"],
        "electrolyte.salt_diffusivity: cation transport takes the cation's, which no table holds; expected the "
          + "diffusion coefficient of the cation"
      ),
      (
        ["box.width=0.5 m"],
        "box.cell: the box would have 1.25e10 cells; expected at most 1e9"
      ),
      (
        ["box.width=10 nm", "substrate=none", "seeds={film: 20 nm}"],
        "box.width: 10 nm is less than 8 cells of 2 nm; expected a larger box or a smaller cell"
      ),
      (
        ["electrolyte.name=KFSI in DME"],
        "electrolyte.name: \"KFSI in DME\" carries K, the metal is Na; expected NaClO4 in EC:DEC, another name "
          + "with numbers of its own"
      ),
      (
        ["protocol.0.until.height=100 nm"],
        "protocol.0.until.height: 100 nm is not inside the box, which is 100 nm high; expected a smaller limit "
          + "or a higher box"
      ),
      (
        ["protocol.0.until.voltage=0 V"],
        "protocol.0.until.voltage: the stage holds the potential; expected another limit, such as time or capacity"
      ),
      (
        ["protocol=[{rest: true, until: {capacity: 1 mAh/cm^2}}]"],
        "protocol.0.until: a rest may never reach these limits; expected a limit of time, voltage_above or voltage_below"
      ),
      (
        ["protocol=[{rest: true, until: {time: 1 h, voltage: -10 mV}}]"],
        "protocol.0.until.voltage: a rest may come to it from either side; expected voltage_above or voltage_below, to say "
          + "which ends it"
      ),
      (
        ["protocol=[{plate: 1 mA/cm^2, until: {voltage_below: -10 mV}}]"],
        "protocol.0.until.voltage_below: the stage does not rest; expected voltage, which ends plating at this or below, "
          + "stripping at this or above"
      ),
    ])
  func crossChecks(overrides: [String], message: String) {
    let found = messages(smallCase, overrides: overrides)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.hasSuffix(": " + message) == true, "\(found)")
  }

  @Test(
    "Overrides that do not fit are named as they were given",
    arguments: [
      (
        "box.cel=2 nm",
        "--set box.cel=2 nm: box.cel: unknown key, did you mean \"cell\"?; expected the keys width, depth, height, "
          + "cell or moving_window"
      ),
      (
        "protocol.0={plate: 1 mA/cm^2, until: {time: 1 s, current: 1 mA/cm^2}}",
        "--set protocol.0={plate: 1 mA/cm^2, until: {time: 1 s, current: 1 mA/cm^2}}: protocol.0.until.current: the stage "
          + "does not hold a potential; expected another limit, such as time, capacity or voltage"
      ),
      (
        "box.cell=2",
        "--set box.cell=2: box.cell: \"2\" has no unit; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)"
      ),
      (
        "protocol.3.hold=0 V",
        "--set protocol.3.hold=0 V: protocol.3.hold: protocol has no item \"3\"; "
          + "expected a number from 0 to 0, or + for a new one"
      ),
      (
        "metal.name=x",
        "--set metal.name=x: metal.name: metal is \"Na\", which has no keys; expected the key of a value"
      ),
      (
        "box.cell",
        "--set box.cell: there is no key and value; expected key.path=value, such as box.cell=4 nm"
      ),
      (
        "seeds={film: ",
        "--set seeds={film: : seeds: a value is missing, or a bracket is not closed; expected a value as in a case file"
      ),
      ("=3", "--set =3: there is no key and value; expected key.path=value, such as box.cell=4 nm"),
      (
        "kinetics.film_resistance=1 ohm",
        "--set kinetics.film_resistance=1 ohm: kinetics.film_resistance: \"1 ohm\" has the unknown unit \"ohm\", did you mean \"ohm cm^2\"?; "
          + "expected an areal resistance such as 20 ohm cm^2 (ohm m^2, ohm cm^2, mohm cm^2, kohm cm^2)"
      ),
    ])
  func overrides(override: String, message: String) {
    #expect(messages(smallCase, overrides: [override]) == [message])
  }
}
