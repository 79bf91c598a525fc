"""How Fourfold looks: design tokens, components, base templates and a gallery page that shows them all."""
