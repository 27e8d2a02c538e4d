"""Who calls what of AWS, as the suites do it, held to what the template lets them."""
