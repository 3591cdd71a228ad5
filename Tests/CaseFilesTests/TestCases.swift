import Foundation
import Testing

@testable import CaseFiles

/// The root of the package, for the files that tests read.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Every case of `configs/`, those in its folders too.
let configNames: [String] = {
  let folder = packageRoot.appendingPathComponent("configs").path
  let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
  return files.filter { $0.hasSuffix(".yaml") }.sorted()
}()

func configPath(_ name: String) -> String { packageRoot.appendingPathComponent("configs/\(name)").path }

func configText(_ name: String) throws -> String {
  try String(contentsOfFile: configPath(name), encoding: .utf8)
}

/// A small case in which every key that may be absent is.
let smallCase = """
  title: A small case
  metal: Na
  box:
    width: 120 nm
    height: 100 nm
    cell: 2 nm
  electrolyte:
    thickness: 10 um
  substrate:
    name: Ni
    contact_angle: 120 deg
    islands:
      name: Na3Sb
      diameter: 30 nm
      pitch: 60 nm
      contact_angle: 30 deg
      contact: insulating
  seeds:
    on_islands: {radius: 10 nm}
  protocol:
    - hold: -0.1 V
      until: {time: 1 s}

  """

/// A case in which every key of the schema stands at least once.
let everyKey = """
  title: Every key
  reference: nobody
  metal: Na
  molar_volume: 23.75 cm^3/mol
  temperature: 25 degC
  box: {width: 120 nm, depth: 120 nm, height: 100 nm, cell: 2 nm, moving_window: false}
  electrolyte:
    name: NaClO4 in EC:DEC
    concentration: 1 mol/L
    thickness: 10 um
    end: counter electrode
    conductivity: 6.8 mS/cm
    salt_diffusivity: 1e-10 m^2/s
    transference_number: 0.4
    transport: binary salt
  kinetics:
    exchange_current_density: 1 mA/cm^2
    cathodic_transfer_coefficient: 0.5
    film_resistance: 0 ohm m^2
    double_layer_capacitance: 15 uF/cm^2
    sei:
      thickness: 5 nm
      conductivity: 1e-4 S/m
      molar_volume: 15 cm^3/mol
      growth_current_density: 1e-3 mA/cm^2
      growth_potential: 0 V
      growth_transfer_coefficient: 0.5
      decay_thickness: 5 nm
      cracking: {strain: 0.2, thickness: 1 nm}
    noise: {amplitude: 0.04, correlation_length: 10 nm, correlation_time: 1 s}
  surface_energy: {value: 0.25 J/m^2, kind: measured, source: nowhere}
  capillarity: {law: gibbs-thomson}
  substrate:
    name: Ni
    contact_angle: 120 deg
    contact: {law: ohmic, resistance: 1e-7 ohm m^2}
    islands:
      material: Na3Sb
      edge_width: 3 nm
      diameter: 30 nm
      pitch: 60 nm
      contact_angle: 30 deg
      contact:
        law: schottky
        polarity: conducting
        barrier: 0.6 eV
        ideality: 1.2
        richardson_constant: 1.2e6 A/m^2/K^2
        leak_resistance: 1 ohm m^2
        bulk_resistance: 0 ohm m^2
    conversion:
      name: NiSb
      contact_angle: 60 deg
      contact: insulating
      thickness: 100 nm
      molar_volume: 20.9 cm^3/mol
      electrons: 3
      expansion: 3.7
      potential: 0.4 V
      exchange_current_density: 1 mA/cm^2
      cathodic_transfer_coefficient: 0.5
  seeds:
    film: 10 nm
    nucleation_overpotential: 10 mV
    on_islands: {radius: 12 nm, angle: 80 deg, every: 2}
    caps:
      - {x: 30 nm, y: 30 nm, z: 1 nm, radius: 12 nm, angle: 90 deg}
  protocol:
    - hold: -0.1 V
      until: {time: 1 s, capacity: 1 C/m^2, current: 0.1 mA/cm^2}
    - plate: 1 mA/cm^2
      until: {thickness: 20 nm, height: 50 nm, voltage: -0.2 V}
    - repeat: 3
      stages:
        - strip: 1 mA/cm^2
          until: {stripped_share: 0.5}
        - table: [[0 s, 1 mA/cm^2], [1 s, 0 A/m^2], [2 s, -1 mA/cm^2], [3 s, 0 A/m^2]]
    - rest:
      until: {time: 1 s, voltage_above: -5 mV, voltage_below: -1 V}
  output: {every_thickness: 5 nm, every_time: 1 s, history_every: 2, fields: true, pictures: false, checkpoint_every: 1 min}
  numerics:
    interface_width: 1.5
    mobility_factor: 1
    maximum_front_step: 0.15
    front_tolerance: 1e-3
    potential_tolerance: 1e-3
    salt_tolerance: 1e-4
    maximum_salt_change: 0.05
    initial_step: 1 us
    minimum_step: 1e-12 s
    random_seed: 1

  """

/// The messages of a text, one a line; empty when it reads.
func messages(_ text: String, overrides: [String] = []) -> [String] {
  problems(text, overrides: overrides).map(\.description)
}

func problems(_ text: String, overrides: [String] = []) -> [CaseProblem] {
  do throws(CaseProblems) {
    _ = try CaseFile.read(text: text, path: "my.yaml", overrides: overrides)
    return []
  } catch {
    return error.list
  }
}

extension String {
  func replacing(_ old: String, by new: String) -> String { replacingOccurrences(of: old, with: new) }
}
