"""What officers and registrars decide: waivers, changes of the registry, reports signed off."""
