"""What marketing brought, and how we know: tables in, frozen results out. Pure, no Django, a library by itself."""
