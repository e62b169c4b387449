/**
 * @module Words from which names of people, teams, accounts and permission sets are made. All of it is invented.
 */

export const givenNames: readonly string[] = (
  'Ada Aisha Akira Alejandro Alma Amara Amir Ana Anders Andrei Anika Antonio Anya Arjun Astrid Aylin Ayo Beatriz ' +
  'Benjamin Bilal Bruno Camille Carlos Carmen Catarina Chiara Chidi Chloé Daniel Darya David Deepa Diego Dina Dominik ' +
  'Ebba Elena Elif Elias Emma Emeka Eric Esther Eva Fatima Felix Fernanda Finn Florian Freya Gabriel Giulia Grace ' +
  'Gustavo Hana Hannah Harish Hassan Helena Hiro Hugo Ibrahim Ida Imani Ines Ingrid Isabel Ivan Jack Jakub Jana Javier ' +
  'Jia Joana João Johan José Julia Jun Kaito Karim Karin Kavya Kenji Kofi Lara Lars Laura Layla Leila Leon Liam Lina ' +
  'Linh Lucas Luca Lucía Magnus Maja Malik Manuel Marco Margarida María Marta Mateo Mei Mehmet Miguel Mila Min Mira ' +
  'Mohammed Mona Nadia Naomi Natalia Neha Niamh Nikolai Nina Noah Noor Nuria Oliver Olivia Omar Oskar Pablo Paolo ' +
  'Patrick Paula Pedro Petra Philipp Pooja Priya Quentin Rafael Rahul Raquel Rania Ravi Rebecca Renata René Rosa Ruth ' +
  'Ryo Saad Sakura Samir Samuel Sana Sandra Santiago Sara Sebastian Selin Siddharth Simone Sofia Søren Stefan Sunita ' +
  'Tanvi Tariq Tatiana Theo Thomas Tiago Tobias Tomás Uche Valentina Vera Viktor Vikram Wanjiru Wei Xavier Xin Yara ' +
  'Yasmin Yuki Yusuf Zahra Zoë Zofia'
).split(' ')

export const familyNames: readonly string[] = (
  'Abdullah Abebe Achebe Adeyemi Agarwal Ahmed Almeida Alvarez Andersen Araujo Baker Banerjee Barbosa Bauer Becker ' +
  'Bianchi Björk Bose Brandt Brown Campos Cardoso Castillo Castro Chakraborty Chan Chen Choi Clarke Cohen Conti Cruz ' +
  'Dang Das Demir Desai Diallo Dias Díaz Dubois Dvořák Edwards Eriksen Esposito Farouk Fernandes Ferrari Fischer ' +
  'Fonseca Fontaine Fujita García Gill Goldberg Gomes González Greco Gupta Gutiérrez Haddad Hansen Hassan Hernández ' +
  'Herrera Hoffmann Horvat Huang Hughes Hussein Ibáñez Ito Ivanov Jackson Jansen Jensen Johansson Jones Joshi Kamau ' +
  'Kapoor Karlsson Kaya Keller Kelly Khan Kim Kimura King Kobayashi Koch Kovács Kowalski Krüger Kumar Lang Larsen ' +
  'Lefèvre Lehmann Lewis Li Lima Lindqvist Liu Lopes López Lund Ma Malik Mancini Marino Marsh Martin Martínez Mbeki ' +
  'Mehta Meier Mendes Mensah Meyer Mishra Mohamed Moore Morales Moreau Moretti Müller Murphy Mwangi Nair Nakamura ' +
  'Navarro Ndiaye Neumann Nguyen Nielsen Novák Nowak Nunes Obi Okafor Okonkwo Olsen Ortega Osei Otieno Owusu Park ' +
  'Patel Pereira Petrov Pham Pinto Popescu Qureshi Rahman Raman Ramírez Rao Reddy Reis Ricci Richter Rivera Roberts ' +
  'Rocha Romano Rossi Roy Ruiz Saito Salazar Sánchez Santos Sato Schmidt Schneider Schulz Sharma Silva Simon Singh ' +
  'Smith Sousa Srinivasan Suzuki Svensson Takahashi Tan Tanabe Tanaka Taylor Teixeira Tran Turner Usman Vargas ' +
  'Vasquez Vega Verma Vogel Wagner Walker Wang Weber White Williams Wójcik Wolf Wong Wright Wu Yamamoto Yang Yilmaz ' +
  'Young Zhang Zhou Zimmermann'
).split(' ')

/** Divisions of the company and the products each of them runs. */
export const divisions: readonly (readonly [division: string, products: readonly string[]])[] = [
  ['Commerce', ['payments', 'checkout', 'catalog', 'pricing', 'orders', 'returns', 'loyalty', 'search']],
  ['Logistics', ['shipping', 'warehouse', 'fleet', 'routing', 'inventory', 'customs']],
  ['Data', ['data-platform', 'analytics', 'reporting', 'ml-platform', 'recommendations', 'streaming']],
  ['Customer', ['crm', 'support', 'messaging', 'notifications', 'surveys', 'mobile']],
  ['Finance', ['ledger', 'billing', 'invoicing', 'treasury', 'tax', 'fraud']],
  ['Platform', ['identity', 'observability', 'ci', 'developer-portal', 'edge', 'messaging-bus']],
]

/** Second words where there are more accounts or teams than products. */
export const components: readonly string[] =
  'api batch core web events reports partners archive gateway jobs mobile eu us apac lab'.split(' ')

/** Permission sets that AWS Control Tower makes. */
export const controlTowerSets: readonly (readonly [name: string, description: string])[] = [
  ['AWSAdministratorAccess', 'Everything'],
  ['AWSPowerUserAccess', 'Everything but users and groups'],
  ['AWSReadOnlyAccess', 'Reads everything, changes nothing'],
  ['AWSOrganizationsFullAccess', 'The organisation itself'],
  ['AWSServiceCatalogEndUserAccess', 'Orders accounts from the catalogue'],
  ['AWSServiceCatalogAdminFullAccess', 'Keeps the catalogue'],
]

/** Job functions, from the most to the least common; the names of sets, and with a team's name before them more. */
export const jobFunctions: readonly string[] =
  'SecurityAudit Billing Developer SupportUser NetworkAdministrator DatabaseAdministrator SystemAdministrator DataScientist ViewOnly Deployer Operator IncidentResponder Analyst Tester Auditor KeyAdministrator LogReader BackupOperator CostViewer Contractor'.split(
    ' ',
  )

/** Groups that go across the company, most populous first. */
export const companyGroups: readonly string[] =
  'all-employees engineering contractors operations sales product finance support security data people-team legal architecture on-call'.split(
    ' ',
  )

export const teamRoles: readonly string[] = 'developers readers oncall leads deployers'.split(' ')
